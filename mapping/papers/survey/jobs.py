"""Which work on survey packages runs in the worker? Building them, and clearing the folder they are kept in.

Each job bears being run twice: a package that is there is left as it is.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from mapping.papers.models import BuildState, PackageBuild
from mapping.papers.survey.ordered import open_build
from mapping.papers.survey.store import ask_for_package, build_now, choice_of, is_silent
from mapping.papers.survey.store import clear_packages as clear_kept
from planning.people.models import Event, User
from planning.proposals.models import SurveyOrder


def build_again(order: SurveyOrder, user: User, *, instead_of: PackageBuild | None) -> None:
    """Have the worker build the package of *order* instead of *instead_of*, unless that was asked for already."""
    with transaction.atomic():
        build, new = open_build(order, user, instead_of=instead_of)
        if new:
            transaction.on_commit(lambda: build_package.enqueue(build.pk))


def make_again(build: PackageBuild, user: User) -> PackageBuild:
    """Have the worker build again what *build* was, whose file is not kept any more; asked twice at once, only once."""
    with transaction.atomic():
        locked = PackageBuild.objects.select_for_update(of=("self",)).select_related("version").get(pk=build.pk)
        waiting = PackageBuild.objects.filter(
            version=locked.version, choice=locked.choice, order=None, asked_by=user, state=BuildState.QUEUED
        )
        found = next((one for one in waiting if not is_silent(one)), None)
        if found is None:
            found = ask_for_package(user, locked.version, choice_of(locked))
            number = found.pk
            transaction.on_commit(lambda: build_package.enqueue(number))
    return found


@task()
def build_package(build_id: int) -> str:
    """Build the package that was asked for; return the state it ends in."""
    build = PackageBuild.objects.select_related("version__proposal__unit", "asked_by").get(pk=build_id)
    if build.state == BuildState.QUEUED:
        build_now(build)
    clear_packages.enqueue()
    return build.state


@task()
def build_ordered_package(event_id: int) -> str:
    """Build the package of the survey order an event is about; return the state it ends in."""
    order = SurveyOrder.objects.select_related("ordered_by").get(pk=Event.objects.get(pk=event_id).data["order"])
    build, _new = open_build(order, order.ordered_by)
    return str(build_package.call(build.pk))


@task()
def clear_packages() -> int:
    """Delete kept packages that nobody needs any more; return how many."""
    return clear_kept(timezone.now())
