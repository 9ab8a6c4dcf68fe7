"""Which addresses does the books desk answer?"""

from django.urls import URLPattern

app_name = "books"
urlpatterns: list[URLPattern] = []
