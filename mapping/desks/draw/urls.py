"""Which addresses does the draw desk answer?"""

from django.urls import path

from mapping.desks.draw import (
    views_api,
    views_board,
    views_corners,
    views_file,
    views_home,
    views_submit,
    views_ways,
)

app_name = "draw"
urlpatterns = [
    path("ve-thu/", views_board.trial, name="trial"),
    path("ho-so/", views_home.home, name="home"),
    path("ho-so/moi/", views_home.new, name="new"),
    path("ho-so/<str:code>/ve/", views_board.edit, name="edit"),
    path("ho-so/<str:code>/ve/thong-tin/", views_file.details, name="details"),
    path("ho-so/<str:code>/ve/de-an/", views_file.funding, name="funding"),
    path("ho-so/<str:code>/ve/phuong-an/", views_file.versions, name="versions"),
    path("ho-so/<str:code>/ve/gop-y/", views_file.comments, name="comments"),
    path("ho-so/<str:code>/thanh-phan/", views_file.dossier, name="dossier"),
    path("ho-so/<str:code>/trinh/", views_submit.submit, name="submit"),
    path("ho-so/<str:code>/rut/", views_submit.withdraw, name="withdraw"),
    path("api/check/", views_api.check_api, name="check_api"),
    path("api/cut-out/", views_api.cut_out_api, name="cut_out_api"),
    path("api/ways-out/", views_ways.ways_out_api, name="ways_out_api"),
    path("api/corners/", views_corners.corners_api, name="corners_api"),
    path("api/drafts/<str:code>/", views_api.draft_api, name="draft_api"),
]
