"""App configuration of the check; it registers the start-up check of the rule catalogue."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChecksConfig(AppConfig):
    """The questions (rules, rule sets, parameters) and the engine that answers them."""

    name = "planning.checks"
    label = "checks"
    verbose_name = _("Rules and parameters")

    def ready(self) -> None:
        """Register the start-up check of the rules."""
        from planning.checks import system_checks  # noqa: F401 - importing registers them
