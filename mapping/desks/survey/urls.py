"""Which addresses does the survey desk answer? The order behind a signed link, and its package."""

from django.urls import path

from mapping.desks.survey import views

app_name = "survey"
urlpatterns = [
    path("do-dac/<str:token>/", views.order, name="order"),
    path("do-dac/<str:token>/goi.zip", views.package, name="package"),
]
