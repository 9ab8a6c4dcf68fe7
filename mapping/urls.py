"""Which addresses does the house answer? One include per desk; the admin and the language switch."""

from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

urlpatterns = [
    path("", include("mapping.desks.public.urls")),
    path("", include("mapping.desks.account.urls")),
    path("", include("mapping.desks.draw.urls")),
    path("", include("mapping.desks.review.urls")),
    path("", include("mapping.desks.report.urls")),
    path("", include("mapping.desks.intake.urls")),
    path("", include("mapping.desks.survey.urls")),
    path("", include("mapping.desks.fund.urls")),
    path("", include("mapping.desks.books.urls")),
    path("", include("mapping.desks.steward.urls")),
    path("", include("mapping.desks.sites.urls")),
    path("", include("mapping.desks.rules.urls")),
    path("", include("mapping.glass.urls")),
    path("", include("mapping.admin.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("jsi18n/", JavaScriptCatalog.as_view(), name="jsi18n"),
]
