"""What is asked of the check while somebody draws? Builds the subject out of a request, with or without an account.

It keeps nothing and decides nothing: the engine answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.errors import InputRefused
from layers.models import AdminUnit
from layers.vetting import LIVE, VettedZone, vet
from mapping.desks.draw.drawn import Drawn, require_zone
from mapping.desks.draw.files import seen
from planning.checks.cutting import cut_into_parts
from planning.checks.reach import require_in_reach
from planning.checks.types import Basis, Part, Subject
from planning.proposals.freshness import subject_for
from planning.proposals.models import Proposal, ProposalKind
from planning.registers.models import PlanListEntry


def asked_subject(request: HttpRequest, body: Mapping[str, Any], drawn: Drawn, against: Basis) -> Subject:
    """Vet the drawn zone (live limits), cut its parts and return what the check is asked.

    A proposal named in the body must be visible to the person. Raises InputRefused with a catalogue code and the place
    when the boundary cannot be computed with or *against* has nothing to say about it.
    """
    vetted = vet(require_zone(drawn), LIVE)
    require_in_reach(vetted.geom, against)
    parts = parts_of(vetted, drawn)
    code = body.get("proposal")
    if code:
        proposal = seen(request, str(code))
        return subject_for(proposal, vetted.geom, parts)
    return Subject(
        zone=vetted.geom,
        kind=_kind(body.get("kind")),
        unit_id=_unit_id(body.get("unit")),
        parts=tuple(parts),
        plan_entry_id=_entry_id(body.get("plan_entry")),
    )


def parts_of(vetted: VettedZone, drawn: Drawn) -> list[Part]:
    """Cut the vetted zone by the drawn lines; an undivided zone without a use has no parts."""
    return cut_into_parts(vetted.geom, drawn.cuts, drawn.uses) if drawn.is_cut else []


def proposal_of(request: HttpRequest, body: Mapping[str, Any]) -> Proposal | None:
    """Return the proposal named in the body, when the person may see it."""
    code = body.get("proposal")
    return seen(request, str(code)) if code else None


def _kind(value: Any) -> str:
    kind = str(value or ProposalKind.NEW_CLUSTER)
    if kind not in ProposalKind.values:
        raise InputRefused(_("This kind of proposal is not in the list."), code="KIND_UNKNOWN", where=kind[:40])
    return kind


def _unit_id(value: Any) -> int | None:
    """Return the unit asked about; without one the check itself names the commune and leaves the plan list open."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if AdminUnit.objects.filter(pk=value).exists() else None


def _entry_id(value: Any) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if PlanListEntry.objects.filter(pk=value).exists() else None
