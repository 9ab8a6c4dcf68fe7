"""Which addresses does the desk of sites answer?"""

from django.urls import path

from mapping.desks.sites import screenings, searches

app_name = "sites"
urlpatterns = [
    path("tim-dia-diem/", searches.home, name="home"),
    path("tim-dia-diem/moi/", searches.new, name="new"),
    path("tim-dia-diem/<int:pk>/", searches.search_page, name="search"),
    path("tim-dia-diem/<int:pk>/tien-do/", searches.follow, name="follow"),
    path("tim-dia-diem/<int:pk>/dung/", searches.cancel, name="cancel"),
    path("tim-dia-diem/<int:pk>/tiep/", searches.resume, name="resume"),
    path("tim-dia-diem/<int:pk>/tim-lai/", searches.repeat, name="repeat"),
    path("tim-dia-diem/<int:pk>/mo/<int:number>/", searches.open_draft, name="open"),
    path("tim-dia-diem/sang-loc/moi/", screenings.new, name="new_screening"),
    path("tim-dia-diem/sang-loc/<int:pk>/", screenings.screening_page, name="screening"),
    path("tim-dia-diem/sang-loc/<int:pk>/o/", screenings.cell, name="cell"),
    path("tim-dia-diem/sang-loc/<int:pk>/chinh-xac/", screenings.exact, name="exact"),
    path("tim-dia-diem/sang-loc/<int:pk>/chinh-xac/<int:batch>/", screenings.exact_state, name="exact_state"),
    path("tim-dia-diem/sang-loc/<int:pk>/tien-do/", screenings.follow, name="screening_follow"),
    path("tim-dia-diem/sang-loc/<int:pk>/dung/", screenings.cancel, name="screening_cancel"),
    path("tim-dia-diem/sang-loc/<int:pk>/tiep/", screenings.resume, name="screening_resume"),
]
