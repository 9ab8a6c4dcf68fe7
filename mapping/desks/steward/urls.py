"""Which addresses does the steward's desk answer?"""

from django.urls import path

from mapping.desks.steward import sweeps
from mapping.desks.steward.downloads import download
from mapping.desks.steward.edition import edition_page, promote
from mapping.desks.steward.lines import lines_page, lines_table
from mapping.desks.steward.pages import discard_edition, home, layer_page

app_name = "steward"
urlpatterns = [
    path("lop-du-lieu/", home, name="home"),
    path("lop-du-lieu/phien-ban/<int:pk>/", edition_page, name="edition"),
    path("lop-du-lieu/phien-ban/<int:pk>/ap-dung/", promote, name="promote"),
    path("lop-du-lieu/phien-ban/<int:pk>/bo/", discard_edition, name="discard"),
    path("lop-du-lieu/phien-ban/<int:pk>/tai-ve.<slug:kind>", download, name="download"),
    path("lop-du-lieu/phien-ban/<int:pk>/danh-sach/", lines_page, name="lines"),
    path("lop-du-lieu/phien-ban/<int:pk>/danh-sach.<slug:kind>", lines_table, name="lines_table"),
    path("lop-du-lieu/phien-ban/<int:pk>/ra-soat-lai/", sweeps.follow, name="sweep"),
    path("lop-du-lieu/phien-ban/<int:pk>/ra-soat-lai/chay/", sweeps.start, name="sweep_start"),
    path("lop-du-lieu/phien-ban/<int:pk>/ra-soat-lai/dung/", sweeps.cancel, name="sweep_cancel"),
    path("lop-du-lieu/phien-ban/<int:pk>/ra-soat-lai/tiep/", sweeps.resume, name="sweep_resume"),
    path("lop-du-lieu/phien-ban/<int:pk>/ra-soat-lai.<slug:kind>", sweeps.table, name="sweep_table"),
    path("lop-du-lieu/lop/<slug:code>/", layer_page, name="layer"),
]
