"""Which addresses does the draw desk answer?"""

from django.urls import URLPattern

app_name = "draw"
urlpatterns: list[URLPattern] = []
