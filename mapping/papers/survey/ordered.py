"""Which package does the team of a survey order get, and how far is it? Built by the worker, never in a request.

The job that builds is in `mapping.papers.survey.jobs`; who may use the link is decided in `planning.proposals`.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from mapping.papers.models import BuildState, PackageBuild
from mapping.papers.survey.choice import choice_from
from mapping.papers.survey.store import SILENT, ask_for_package, is_silent
from planning.people.models import User
from planning.proposals.models import SurveyOrder


class Stage(StrEnum):
    """How far the package of an order is."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    SILENT = "silent"


def newest_build(order: SurveyOrder) -> PackageBuild | None:
    """Return the newest package of *order*; None until the worker took the order up."""
    return PackageBuild.objects.filter(order=order).select_related("version__proposal__unit", "asked_by").first()


def stage_of(order: SurveyOrder, build: PackageBuild | None) -> Stage:
    """Return how far the package of *order* is; silent when the worker should have answered long ago."""
    if build is None:
        return Stage.SILENT if timezone.now() - order.ordered_at > SILENT else Stage.WAITING
    if build.state == BuildState.QUEUED:
        return Stage.SILENT if is_silent(build) else Stage.WAITING
    return Stage.READY if build.state == BuildState.DONE else Stage.FAILED


def open_build(order: SurveyOrder, user: User, *, instead_of: PackageBuild | None = None) -> tuple[PackageBuild, bool]:
    """Return the package of *order* and whether it was asked for just now.

    A new one is asked for when there is none, or when the newest is *instead_of*; asked twice at once, only once.
    Raises InputRefused when the order's choice is not in the lists any more.
    """
    with transaction.atomic():
        locked = SurveyOrder.objects.select_for_update(of=("self",)).select_related("version").get(pk=order.pk)
        newest = newest_build(locked)
        if newest is not None and newest != instead_of:
            return newest, False
        return ask_for_package(user, locked.version, choice_from(locked.package), order=locked), True
