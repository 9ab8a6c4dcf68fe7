"""App configuration of the registers; nothing else."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """The books: plan list, clusters, villages, facilities, products, fund, funded projects."""

    name = "planning.registers"
    label = "registers"
