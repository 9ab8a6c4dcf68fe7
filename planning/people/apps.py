"""App configuration of people; nothing else."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Users, assignments (role × unit × dates), capabilities and events."""

    name = "planning.people"
    label = "people"
