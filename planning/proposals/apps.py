"""Which part of the house is the procedure? App configuration; it enters the long work the procedure does."""

from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """Proposals, versions, kept checks, reviews, decisions, survey."""

    name = "planning.proposals"
    label = "proposals"

    def ready(self) -> None:
        """Enter the sweep of a staged edition and what follows its promotion."""
        from layers.batches.kinds import register

        register("edition_sweep", work="planning.proposals.sweep.work", finish="planning.proposals.sweep.seal")
        register("edition_recheck", work="planning.proposals.after_promotion.work")
        register("rules_dry_run", work="planning.proposals.dry_run.work")
        register(
            "screening",
            work="planning.proposals.screening.work.screen_block",
            finish="planning.proposals.screening.work.seal",
        )
        register(
            "screening_exact",
            work="planning.proposals.screening.work.answer_exactly",
            finish="planning.proposals.screening.work.exact_done",
        )
        register(
            "site_search", work="planning.proposals.sites.work.search_unit", finish="planning.proposals.sites.work.seal"
        )
