"""Which addresses does the review desk answer? Queue, file, acts, papers, attachments, comparison."""

from django.urls import path

from mapping.desks.review import (
    views_acts,
    views_compare,
    views_file,
    views_measured,
    views_package,
    views_papers,
    views_queue,
)

app_name = "review"
urlpatterns = [
    path("tham-dinh/", views_queue.queue, name="queue"),
    path("tham-dinh/tai-ve.<slug:kind>", views_queue.download, name="download"),
    path("so-sanh/", views_compare.compare, name="compare"),
    path("ho-so/<str:code>/", views_file.file, name="file"),
    path("ho-so/<str:code>/thao-tac/<str:verb>/", views_acts.act, name="verb"),
    path("ho-so/<str:code>/van-ban/<str:kind>.docx", views_papers.paper, name="paper"),
    path("ho-so/<str:code>/goi-do-dac/", views_package.package, name="package"),
    path("ho-so/<str:code>/goi-do-dac/<int:build>/", views_package.package_build, name="package_build"),
    path("ho-so/<str:code>/goi-do-dac/<int:build>/goi.zip", views_package.package_file, name="package_file"),
    path("ho-so/<str:code>/goi-do-dac/<int:build>/lam-lai/", views_package.package_again, name="package_again"),
    path("ho-so/<str:code>/lenh-do-dac/<int:order>/goi/", views_package.order_package, name="order_package"),
    path("ho-so/<str:code>/thanh-phan/<int:item>/tep/", views_papers.dossier_item, name="dossier_item"),
    path("ho-so/<str:code>/khong-dong-y/<int:dispute>/tep/", views_papers.dispute_file, name="dispute_file"),
    path("ho-so/<str:code>/quyet-dinh/<int:decision>/tep/", views_papers.decision_file, name="decision_file"),
    path("ho-so/<str:code>/do-dac/<int:number>/", views_measured.measured, name="measured"),
    path("ho-so/<str:code>/do-dac/<int:number>/tep/", views_measured.measured_file, name="measured_file"),
    path(
        "ho-so/<str:code>/do-dac/<int:number>/doi-chieu.<str:kind>",
        views_measured.measured_paper,
        name="measured_paper",
    ),
    path("ho-so/<str:code>/ban-giao/tep/", views_measured.handover_file, name="handover_file"),
]
