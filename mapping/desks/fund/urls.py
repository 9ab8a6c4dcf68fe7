"""Which addresses does the fund desk answer?"""

from django.urls import URLPattern

app_name = "fund"
urlpatterns: list[URLPattern] = []
