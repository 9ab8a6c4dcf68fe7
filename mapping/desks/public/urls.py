"""Which addresses does the public desk answer?"""

from django.conf import settings
from django.urls import path

from mapping.desks.public import demo, views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("huong-dan/", views.guide, name="guide"),
]
if settings.DATNGHE_DEMO:
    urlpatterns += [
        path("dung-thu/<str:username>/", demo.demo_login, name="demo_login"),
        path("kieu-dang/", demo.style_sheet, name="style_sheet"),
    ]
