"""Which addresses does the fund desk answer?"""

from django.urls import path

from mapping.desks.fund.acts import confirm, reveal, reverse, take
from mapping.desks.fund.allocations import confirm_allocated, new_allocation
from mapping.desks.fund.downloads import download
from mapping.desks.fund.overview import overview
from mapping.desks.fund.projects import new_project, project_list, project_page
from mapping.desks.fund.totals import totals_page, totals_workbook

app_name = "fund"
urlpatterns = [
    path("khuyen-cong/", overview, name="home"),
    path("khuyen-cong/du-toan/moi/", new_allocation, name="new_allocation"),
    path("khuyen-cong/du-toan/<int:pk>/xac-nhan/", confirm_allocated, name="confirm_allocation"),
    path("khuyen-cong/de-an/", project_list, name="projects"),
    path("khuyen-cong/de-an.<slug:kind>", download, name="download"),
    path("khuyen-cong/de-an/moi/", new_project, name="new_project"),
    path("khuyen-cong/de-an/<int:pk>/", project_page, name="project"),
    path("khuyen-cong/de-an/<int:pk>/ten/", reveal, name="reveal"),
    path("khuyen-cong/de-an/<int:pk>/<slug:act>/", take, name="act"),
    path("khuyen-cong/chung-tu/<int:pk>/xac-nhan/", confirm, name="confirm"),
    path("khuyen-cong/chung-tu/<int:pk>/dao/", reverse, name="reverse"),
    path("khuyen-cong/tong-hop/", totals_page, name="totals"),
    path("khuyen-cong/tong-hop.xlsx", totals_workbook, name="totals_workbook"),
]
