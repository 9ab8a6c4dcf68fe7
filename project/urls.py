"""Where do addresses begin? The windows answer all of them."""

from django.urls import include, path

urlpatterns = [path("", include("mapping.urls"))]
