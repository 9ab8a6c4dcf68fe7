"""App configuration of people; nothing else."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Users, assignments (role × unit × dates), capabilities and events."""

    name = "planning.people"
    label = "people"
    verbose_name = _("People and offices")
