"""Which addresses does the steward's desk answer?"""

from django.urls import path

from mapping.desks.steward.loading import answer, load_page, restart, upload
from mapping.desks.steward.pages import discard_edition, edition_page, home, layer_page, promote

app_name = "steward"
urlpatterns = [
    path("lop-du-lieu/", home, name="home"),
    path("lop-du-lieu/nap/", upload, name="upload"),
    path("lop-du-lieu/nap/<int:pk>/", load_page, name="load"),
    path("lop-du-lieu/nap/<int:pk>/tra-loi/", answer, name="answer"),
    path("lop-du-lieu/nap/<int:pk>/lam-lai/", restart, name="restart"),
    path("lop-du-lieu/phien-ban/<int:pk>/", edition_page, name="edition"),
    path("lop-du-lieu/phien-ban/<int:pk>/ap-dung/", promote, name="promote"),
    path("lop-du-lieu/phien-ban/<int:pk>/bo/", discard_edition, name="discard"),
    path("lop-du-lieu/lop/<slug:code>/", layer_page, name="layer"),
]
