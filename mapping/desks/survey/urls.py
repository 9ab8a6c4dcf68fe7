"""Which addresses does the survey desk answer? The order behind a signed link, its package, and the receipts.

What the team sends comes in by the intake desk, under the same link (``tra-ket-qua/``).
"""

from django.urls import path

from mapping.desks.survey import views

app_name = "survey"
urlpatterns = [
    path("do-dac/<str:token>/", views.order, name="order"),
    path("do-dac/<str:token>/goi.zip", views.package, name="package"),
    path("do-dac/<str:token>/da-nhan/<int:number>/", views.receipt, name="receipt"),
]
