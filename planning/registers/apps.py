"""App configuration of the registers; nothing else."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistersConfig(AppConfig):
    """The books: plan list, clusters, villages, facilities, products, fund, funded projects."""

    name = "planning.registers"
    label = "registers"
    verbose_name = _("Registers and fund")
