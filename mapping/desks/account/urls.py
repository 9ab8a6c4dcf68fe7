"""Which addresses does the account desk answer?"""

from django.urls import URLPattern

app_name = "account"
urlpatterns: list[URLPattern] = []
