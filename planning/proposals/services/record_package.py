"""How is a survey package made in the house put on record? One event with its hash; the file is not kept."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from layers.errors import NotAllowed
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import can
from planning.proposals.models import Proposal, ZoneVersion
from planning.proposals.services._frame import locked, record


def may_make_package(user: User, proposal: Proposal) -> bool:
    """Tell whether *user* may take the boundary out of the house: who orders surveys, or plans in this unit."""
    return can(user, Capability.ORDER_SURVEY, proposal.unit) or can(user, Capability.DRAW_PROPOSAL, proposal.unit)


def require_may_make_package(user: User, proposal: Proposal) -> None:
    """Raise NotAllowed when *user* may not take the boundary out of the house."""
    if not may_make_package(user, proposal):
        raise NotAllowed(
            _("Survey packages are made by who orders surveys and by the planners of the unit."),
            where=proposal.code,
            todo=_("Ask one of them for the package."),
        )


def record_package(actor: User, version: ZoneVersion, *, contents: Iterable[str], srid: int, sha256: str) -> None:
    """Record that *actor* made a package of *version*. Raises NotAllowed when that is not *actor*'s to do."""
    with locked(version.proposal) as row:
        require_may_make_package(actor, row)
        record(
            actor,
            "make_survey_package",
            row,
            {"version": version.number, "contents": sorted(contents), "srid": srid, "sha256": sha256},
        )
