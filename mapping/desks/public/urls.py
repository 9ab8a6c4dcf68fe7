"""Which addresses does the public desk answer?"""

from django.conf import settings
from django.urls import path

from mapping.desks.public import demo, guide, open_data, pages, places, verify

app_name = "public"
urlpatterns = [
    path("", places.home, name="home"),
    path("lang-nghe/<slug:slug>/", pages.village, name="village"),
    path("cum-cong-nghiep/<slug:slug>/", pages.cluster, name="cluster"),
    path("lang-nghe/<slug:slug>/ma-qr.svg", pages.village_qr, name="village_qr"),
    path("cum-cong-nghiep/<slug:slug>/ma-qr.svg", pages.cluster_qr, name="cluster_qr"),
    path("huong-dan/", guide.guide, name="guide"),
    path("xac-minh/<str:code>/", verify.verify, name="verify"),
    path("du-lieu-mo/", open_data.index, name="open_data"),
    path("du-lieu-mo/dia-diem.<slug:suffix>", open_data.download_places, name="places_file"),
    path("du-lieu-mo/<str:name>.<str:suffix>", open_data.download, name="open_data_file"),
]
if settings.DATNGHE_DEMO:
    urlpatterns += [
        path("dung-thu/<str:username>/", demo.demo_login, name="demo_login"),
        path("kieu-dang/", demo.style_sheet, name="style_sheet"),
    ]
