"""Which addresses does the survey desk answer?"""

from django.urls import URLPattern

app_name = "survey"
urlpatterns: list[URLPattern] = []
