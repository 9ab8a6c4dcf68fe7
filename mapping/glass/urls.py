"""Which addresses does the glass answer? Tiles, map settings, snapping."""

from django.urls import URLPattern

app_name = "glass"
urlpatterns: list[URLPattern] = []
