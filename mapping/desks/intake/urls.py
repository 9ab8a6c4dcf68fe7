"""Which addresses does the intake desk answer? The same pages for a signed-in person and behind a survey link."""

from django.urls import path

from mapping.desks.intake import views_arrival, views_link, views_start
from mapping.unseen import unseen_form

app_name = "intake"
OWN = (
    ("", views_arrival.arrival_page, "arrival"),
    ("tra-loi/", views_arrival.answer, "answer"),
    ("nhan/", views_arrival.take_file, "take"),
    ("bo/", views_arrival.drop, "drop"),
    ("lam-lai/", views_arrival.restart, "restart"),
    ("ban-do.json", views_arrival.picture, "picture"),
    ("khong-nhan.<slug:kind>", views_arrival.rejected, "rejected"),
    ("tep-goc/", views_arrival.original, "original"),
)
"""The pages of one file: the rest of the address, the view, the name."""

urlpatterns = [
    path("tep-vao/", views_start.home, name="home"),
    path("tep-vao/moi/<slug:purpose>/", views_start.new, name="new"),
    path("tep-vao/moi/<slug:purpose>/<str:target>/", views_start.new, name="new"),
    *(path(f"tep-vao/<int:pk>/{rest}", view, name=name) for rest, view, name in OWN),
    path("do-dac/<str:token>/tra-ket-qua/", views_link.measured, name="link_home"),
    *(
        path(f"do-dac/<str:token>/tra-ket-qua/<int:pk>/{rest}", unseen_form(view), name=f"link_{name}")
        for rest, view, name in OWN
    ),
]
