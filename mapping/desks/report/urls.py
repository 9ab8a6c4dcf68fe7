"""Which addresses does a kept report have? Its page, its files, and asking it again."""

from django.urls import path

from mapping.desks.report import views_files, views_page

app_name = "report"
urlpatterns = [
    path("bao-cao/<str:number>/", views_page.report, name="page"),
    path("bao-cao/<str:number>/chay-lai/", views_page.ask_again, name="ask_again"),
    path("bao-cao/<str:number>/tep/<str:kind>/", views_files.download, name="file"),
]
