"""What happens when the roof goes on? Registers system checks and the wiring; it has no models."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Wire events of lower floors to jobs of upper ones once every floor stands."""

    name = "project"
    label = "project"

    def ready(self) -> None:
        """Import checks and connect the wiring."""
        from project import checks, wiring  # noqa: F401 - importing registers them

        wiring.connect()
