"""Which part of the house is the ground? App configuration of layers; it registers the ground's own system checks."""

from django.apps import AppConfig


class LayersConfig(AppConfig):
    """Coordinate systems, administrative units, legal instruments, layers and editions, file intake."""

    name = "layers"
    label = "layers"

    def ready(self) -> None:
        """Register the ground's system checks."""
        from layers import checks  # noqa: F401
