"""How is a search for sites asked, stopped and continued? Verbs with their events; one chunk a commune.

It searches nothing itself: `planning.proposals.sites.work` does, in a batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.batches.services import cancel_batch, resume_batch, start_batch
from layers.errors import Conflict, InputRefused, NotAllowed
from layers.models import AdminUnit, Batch, BatchState
from planning.checks.basis import basis_on, engine_versions, fingerprint
from planning.checks.screening.weigh import weights_from
from planning.checks.screening.wishes import Wishes
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import capabilities_of, require
from planning.people.services import record_event
from planning.proposals.models import SiteSearch
from planning.proposals.screening.visibility import DEPARTMENT

KIND = "site_search"
# Searches of one person that may run at once.
MAX_RUNNING = 2


def start_search(
    actor: User, wishes: Wishes, *, title: str = "", weights: Mapping[str, Any] | None = None
) -> SiteSearch:
    """Search the communes of *wishes* for sites against today's basis; return the kept search.

    Raises NotAllowed, InputRefused for wishes that make no sense or communes that do not exist today, Conflict
    (SEARCHES_RUN) while two searches of the person run.
    """
    from planning.checks.screening.question import asked_of, basis_data

    require(actor, Capability.DRAW_PROPOSAL if _draws(actor) else Capability.APPRAISE)
    wishes.require()
    units = list(_communes(wishes))
    asked = asked_of(basis_on(timezone.localdate()))
    with transaction.atomic():
        _wait_for_the_other(actor)
        search = SiteSearch.objects.create(
            title=title.strip()[:160],
            wishes=wishes.as_data(),
            weights=weights_from(weights or {}),
            basis=asked.basis.as_data(),
            asked={**basis_data(asked.basis), "fingerprint": fingerprint(asked.basis)},
            engine=engine_versions(str(connection.settings_dict["NAME"])),
            created_by=actor,
        )
        search.batch = start_batch(
            KIND,
            {"search": search.pk, "asked": search.asked, "wishes": search.wishes},
            [{"unit": unit.pk, "number": number} for number, unit in enumerate(units, start=1)],
            title=_("Site search: %(title)s") % {"title": search},
        )
        search.save(update_fields=["batch"])
        record_event(actor, "start_site_search", search, {"wishes": search.wishes})
    return search


def stop_search(actor: User, search: SiteSearch) -> Batch:
    """Cancel a running search; who started it or the department may. What was found stays. Raises NotAllowed."""
    batch = cancel_batch(_own_batch(actor, search))
    record_event(actor, "cancel_site_search", search)
    return batch


def continue_search(actor: User, search: SiteSearch) -> Batch:
    """Resume a cancelled or failed search where it stopped. Raises NotAllowed."""
    batch = resume_batch(_own_batch(actor, search))
    record_event(actor, "resume_site_search", search)
    return batch


def _communes(wishes: Wishes) -> list[AdminUnit]:
    known = AdminUnit.objects.valid_on(timezone.localdate()).of_level("commune").filter(pk__in=wishes.units)
    units = list(known.order_by("code", "pk").defer("geom"))
    if len(units) != len(wishes.units):
        raise InputRefused(
            _("A commune of the search does not exist today."),
            code="WISH_UNITS",
            where=", ".join(str(unit) for unit in sorted(set(wishes.units) - {unit.pk for unit in units})[:5]),
            todo=_("Choose communes from the list."),
        )
    return units


def _wait_for_the_other(actor: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('proposals.site_search'), %s)", [actor.pk])
    running = SiteSearch.objects.filter(created_by=actor, batch__state=BatchState.RUNNING).count()
    if running >= MAX_RUNNING:
        raise Conflict(
            _("Two of your searches are under way."),
            code="SEARCHES_RUN",
            todo=_("Wait until one is finished, or cancel it."),
        )


def _own_batch(actor: User, search: SiteSearch) -> Batch:
    if search.batch is None or (search.created_by_id != actor.pk and not capabilities_of(actor) & DEPARTMENT):
        raise NotAllowed(_("Only who started it or the department may stop or resume it."))
    return search.batch


def _draws(actor: User) -> bool:
    return Capability.DRAW_PROPOSAL in capabilities_of(actor)
