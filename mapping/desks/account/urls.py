"""Which addresses does the account desk answer?"""

from django.urls import path

from mapping.desks.account import views

app_name = "account"
urlpatterns = [
    path("dang-nhap/", views.sign_in, name="login"),
    path("dang-xuat/", views.sign_out, name="logout"),
]
