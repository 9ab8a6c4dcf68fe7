"""Which addresses does the intake desk answer?"""

from django.urls import path

from mapping.desks.intake import views_arrival, views_start

app_name = "intake"
urlpatterns = [
    path("tep-vao/", views_start.home, name="home"),
    path("tep-vao/moi/<slug:purpose>/", views_start.new, name="new"),
    path("tep-vao/moi/<slug:purpose>/<str:target>/", views_start.new, name="new"),
    path("tep-vao/<int:pk>/", views_arrival.arrival_page, name="arrival"),
    path("tep-vao/<int:pk>/tra-loi/", views_arrival.answer, name="answer"),
    path("tep-vao/<int:pk>/nhan/", views_arrival.take_file, name="take"),
    path("tep-vao/<int:pk>/bo/", views_arrival.drop, name="drop"),
    path("tep-vao/<int:pk>/lam-lai/", views_arrival.restart, name="restart"),
    path("tep-vao/<int:pk>/ban-do.json", views_arrival.picture, name="picture"),
    path("tep-vao/<int:pk>/khong-nhan.<slug:kind>", views_arrival.rejected, name="rejected"),
    path("tep-vao/<int:pk>/tep-goc/", views_arrival.original, name="original"),
]
