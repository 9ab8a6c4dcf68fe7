"""Which addresses does the review desk answer?"""

from django.urls import URLPattern

app_name = "review"
urlpatterns: list[URLPattern] = []
