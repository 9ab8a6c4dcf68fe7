"""App configuration of the procedure; nothing else."""

from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """Proposals, versions, kept checks, reviews, decisions, survey."""

    name = "planning.proposals"
    label = "proposals"
