"""Which addresses does the steward desk answer?"""

from django.urls import URLPattern

app_name = "steward"
urlpatterns: list[URLPattern] = []
