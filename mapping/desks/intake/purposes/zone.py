"""How does a file become the boundary of a draft? Its areas together, confirmed, through the verb that saves drawings.

A version that was kept is not touched: the file replaces what is drawn now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from layers.errors import InputRefused, TransitionRefused
from layers.intake.limits import PROPOSAL
from layers.models import AdminUnit
from layers.said import gettext as _
from mapping import formats
from mapping.desks.intake.figures import hectares_of_m2
from mapping.desks.intake.models import Arrival
from mapping.desks.intake.purposes.base import Chosen, Column, Line, Taken, signed_in
from mapping.desks.intake.purposes.reading import read_vector
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.proposals.models import Draft, Proposal, State
from planning.proposals.queries import proposal_for
from planning.proposals.services import save_draft

if TYPE_CHECKING:
    from layers.intake.read import Intake


class ZonePurpose:
    """Make the areas of a file the drawn boundary of a proposal; *target* is its code."""

    key = "zone"
    kind = "polygon"
    limits = PROPOSAL
    confirms_crs = True
    in_province = True
    must_choose = True

    def title(self, target: str) -> str:
        """Name the proposal."""
        name = Proposal.objects.filter(code=target).values_list("name", flat=True).first()
        return _("Boundary of %(name)s") % {"name": name or target}

    def door(self, person: User | None, target: str) -> None:
        """Let in who draws in the unit of a proposal that is still a draft."""
        planner = signed_in(person)
        proposal = proposal_for(planner, target)
        require(planner, Capability.DRAW_PROPOSAL, proposal.unit)
        if proposal.state != State.DRAFT:
            raise TransitionRefused(
                _("The boundary of this proposal cannot be changed now."), where=proposal.get_state_display()
            )

    def unit(self, target: str) -> AdminUnit | None:
        """Return the commune the proposal is for."""
        proposal = Proposal.objects.select_related("unit").filter(code=target).first()
        return None if proposal is None else proposal.unit

    def back(self, target: str) -> str:
        """Return the drawing board."""
        return reverse("draw:edit", args=[target])

    def about_form(self, request: HttpRequest, target: str) -> forms.Form | None:
        """Ask nothing beside the file."""
        return None

    def about(self, form: forms.Form) -> tuple[str, dict[str, Any]]:
        """Return nothing: there is no form."""
        return "", {}

    def columns(self, target: str) -> tuple[Column, ...]:
        """Take no attributes: a boundary has none."""
        return ()

    def read(self, arrival: Arrival, path: Path, options: Mapping[str, Any]) -> Intake:
        """Read the areas of the file."""
        unit = self.unit(arrival.target)
        return read_vector(arrival, path, options, kind=self.kind, limits=self.limits, unit=unit)

    def judge(self, arrival: Arrival, intake: Intake, chosen: Chosen, lines: Sequence[Line]) -> Sequence[Line]:
        """Add nothing to the verdicts of the geometry."""
        return lines

    def seen(self, target: str) -> dict[str, str]:
        """Return the version of the draft the person looks at."""
        draft = Draft.objects.filter(proposal__code=target).only("row_version").first()
        return {"row_version": str(draft.row_version if draft else 1)}

    def warning(self, target: str) -> str:
        """Say that the drawing is replaced."""
        draft = Draft.objects.filter(proposal__code=target).first()
        if draft is None or draft.geom is None:
            return ""
        return _("The boundary drawn now (%(area)s) is replaced. Keep a version first if you want it back.") % {
            "area": formats.hectares_of_m2(draft.geom.area)
        }

    def take(self, person: User | None, arrival: Arrival, intake: Intake, chosen: Chosen) -> Taken:
        """Save the areas that were not left out as the draft; raises Conflict when somebody else saved meanwhile."""
        from layers.intake.read import to_zone

        planner = signed_in(person)
        features = [index for index, number in enumerate(intake.numbers) if number not in chosen.left_out]
        if not features:
            raise InputRefused(_("No area of the file is ticked."), code="NO_FEATURES", todo=_("Tick at least one."))
        zone = to_zone(intake, chosen.candidate, features=features, choices=dict(chosen.variants))
        told = chosen.told.get("row_version", "")
        save_draft(
            planner,
            proposal_for(planner, arrival.target),
            row_version=int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0,
            geom=zone.geom,
            cuts=None,
            uses=[],
        )
        message = _("The boundary was taken from %(file)s: %(area)s.") % {
            "file": arrival.filename,
            "area": hectares_of_m2(zone.area_m2),
        }
        return Taken(self.back(arrival.target), message, tuple(notice.message for notice in zone.notices[:5]))
