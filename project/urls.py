"""Where do addresses begin? The windows answer all of them."""

from django.urls import include, path

handler400 = "mapping.errors.bad_request"
handler403 = "mapping.errors.permission_denied"
handler404 = "mapping.errors.page_not_found"
handler500 = "mapping.errors.server_error"

urlpatterns = [path("", include("mapping.urls"))]
