"""Which addresses does the administration answer?"""

from django.urls import path

from mapping.admin import ground, parameters, people
from mapping.admin.site import site

REGISTERED = (people, ground, parameters)  # importing them registers their pages

urlpatterns = [path("quan-tri/", site.urls)]
