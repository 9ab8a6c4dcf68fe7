"""Which part of the house looks outside? App configuration of the windows; it registers their system checks."""

from django.apps import AppConfig


class MappingConfig(AppConfig):
    """Everything that crosses the glass: HTTP, HTML, WGS 84, file formats out, the admin."""

    name = "mapping"
    label = "mapping"

    def ready(self) -> None:
        """Register the windows' system checks and the builder of tiles."""
        from mapping import checks  # noqa: F401 - importing registers them
        from mapping.glass import tile_builder  # noqa: F401 - importing registers them
