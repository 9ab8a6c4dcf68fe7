"""Which addresses does the books desk answer?"""

from django.urls import path

from mapping.desks.books.downloads import download
from mapping.desks.books.entry import change_village, new_cluster, new_village, report_cluster
from mapping.desks.books.pages import cluster_list, home, plan_list, village_list
from mapping.desks.books.village import save_year, send_year, village_page

app_name = "books"
urlpatterns = [
    path("so-theo-doi/", home, name="home"),
    path("so-theo-doi/cum-cong-nghiep/", cluster_list, name="clusters"),
    path("so-theo-doi/them-cum-cong-nghiep/", new_cluster, name="new_cluster"),
    path("so-theo-doi/cum-cong-nghiep/<slug:slug>/bao-cao/", report_cluster, name="report_cluster"),
    path("so-theo-doi/danh-muc/", plan_list, name="plan_list"),
    path("so-theo-doi/lang-nghe/", village_list, name="villages"),
    path("so-theo-doi/them-lang-nghe/", new_village, name="new_village"),
    path("so-theo-doi/lang-nghe/<slug:slug>/", village_page, name="village"),
    path("so-theo-doi/lang-nghe/<slug:slug>/sua/", change_village, name="change_village"),
    path("so-theo-doi/lang-nghe/<slug:slug>/<int:year>/luu/", save_year, name="save_year"),
    path("so-theo-doi/lang-nghe/<slug:slug>/<int:year>/gui/", send_year, name="send_year"),
    path("so-theo-doi/tai-ve/<slug:what>.<slug:kind>", download, name="download"),
]
