"""Which part of the house is the ground? App configuration of layers; it registers the ground's own system checks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LayersConfig(AppConfig):
    """Coordinate systems, administrative units, legal instruments, layers and editions, file intake."""

    name = "layers"
    label = "layers"
    verbose_name = _("Units, instruments, holidays")

    def ready(self) -> None:
        """Register the ground's system checks."""
        from layers import checks  # noqa: F401 - importing registers them
