"""Which addresses does the survey desk answer? The order behind a signed link, its package, and the way back."""

from django.urls import path

from mapping.desks.survey import views, views_return

app_name = "survey"
urlpatterns = [
    path("do-dac/<str:token>/", views.order, name="order"),
    path("do-dac/<str:token>/goi.zip", views.package, name="package"),
    path("do-dac/<str:token>/tra-ket-qua/", views_return.send, name="send"),
    path("do-dac/<str:token>/da-nhan/<int:number>/", views_return.receipt, name="receipt"),
]
