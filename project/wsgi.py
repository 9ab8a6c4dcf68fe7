"""Where does a web server enter the house? The WSGI callable, and what a process does before its first check."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
application = get_wsgi_application()

from project.warm import warm_up_beside  # noqa: E402  # needs the settings

warm_up_beside()
