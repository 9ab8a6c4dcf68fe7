"""How does a file become the measurements of a survey team? Its areas together, beside the approved ones, by the link.

It judges nothing: the department compares and decides. What the team sees before it sends is the same comparison.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from django.contrib.gis.geos import MultiPoint, Point
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from layers.crs import storage_srid
from layers.errors import DatNgheError, InputRefused, NotFound
from layers.intake.limits import PROPOSAL
from layers.models import AdminUnit
from layers.said import gettext as _
from layers.said import join, ngettext
from mapping.desks.intake.figures import number, square_metres
from mapping.desks.intake.forms import MeasuredForm
from mapping.desks.intake.models import Arrival
from mapping.desks.intake.purposes.base import KEY, Asked, Chosen, Column, Line, Taken
from mapping.desks.intake.purposes.reading import read_vector
from mapping.glass.geojson import to_geojson
from mapping.papers.measured_rings import printed_comparison
from planning.people.models import User
from planning.proposals.models import ReturnState, SurveyOrder, SurveyReturn
from planning.proposals.queries import returns_of
from planning.proposals.services import Measured, send_return
from planning.proposals.survey_links import require_alive
from planning.proposals.workflow import Verb, check_by_link

if TYPE_CHECKING:
    from django import forms

    from layers.intake.candidates import CrsCandidate
    from layers.intake.corners.facts import CornerRow
    from layers.intake.points import PointOrder
    from layers.intake.read import Intake
    from layers.vetting import VettedZone


NAMED, LABELLED = 12, 200
"""How many points are listed by name, and drawn with it."""


class MeasuredPurpose:
    """Send the areas of a file as what was measured; *target* is the survey order whose link the file came by."""

    key = "measured"
    kind = "polygon"
    limits = PROPOSAL
    confirms_crs = True
    in_province = True
    must_choose = True

    def title(self, target: str) -> str:
        """Name the proposal."""
        return _("Measurements of %(name)s") % {"name": _order(target).proposal.name}

    def door(self, person: User | None, target: str) -> None:
        """Let in by a living link while the boundary is being surveyed; accounts have no way in here."""
        if person is not None:
            raise NotFound(_("Files are not taken in for this purpose."))
        order = _order(target)
        require_alive(order)
        check_by_link(order.proposal, Verb.SEND_RETURN)

    def unit(self, target: str) -> AdminUnit | None:
        """Return the commune the proposal is for."""
        return _order(target).proposal.unit

    def back(self, target: str) -> str:
        """Return the page of the order; the holder puts the link's key in."""
        return reverse("survey:order", args=[KEY])

    def about_form(self, request: HttpRequest, target: str) -> MeasuredForm:
        """Ask how the boundary was measured; what the link's last file said stands there already."""
        if request.method == "POST":
            return MeasuredForm(request.POST)
        last = Arrival.objects.filter(order=_order(target), answers__has_key="about").order_by("-pk").first()
        if last is None:
            return MeasuredForm()
        said = dict(last.answers["about"])
        return MeasuredForm(initial={**said, "measured_on": date.fromisoformat(said["measured_on"])})

    def about(self, form: forms.Form) -> tuple[str, dict[str, Any]]:
        """Return how it was measured, as plain data."""
        return "", {**form.cleaned_data, "measured_on": form.cleaned_data["measured_on"].isoformat()}

    def columns(self, target: str) -> tuple[Column, ...]:
        """Take no attributes: a boundary has none."""
        return ()

    def read(self, arrival: Arrival, path: Path, options: Mapping[str, Any]) -> Intake:
        """Read the areas of the file, or its points in the order a person confirmed; raises `Asked` for that order."""
        unit = self.unit(arrival.target)
        try:
            intake = read_vector(arrival, path, options, kind=self.kind, limits=self.limits, unit=unit)
        except InputRefused as problem:
            counts = problem.detail.get("counts")
            if not isinstance(counts, Mapping) or set(counts) != {"point"}:
                raise
            points = read_vector(arrival, path, options, kind="point", limits=self.limits, unit=unit)
            return _joined(points, options.get("points"))
        if intake.corners is None or not any(remark.code == "SIDES_CROSS" for remark in intake.corners.remarks):
            return intake
        try:
            return _joined(intake, options.get("points"))
        except InputRefused:  # no order of its rows is better: the verdicts show what mending would make of it
            return intake

    def judge(self, arrival: Arrival, intake: Intake, chosen: Chosen, lines: Sequence[Line]) -> Sequence[Line]:
        """Add nothing to the verdicts of the geometry: the comparison is the department's."""
        return lines

    def stands(self, target: str) -> dict[str, Any]:
        """Return the approved boundary."""
        return dict(to_geojson(_order(target).version.geom))

    def compare(
        self, arrival: Arrival, intake: Intake, chosen: Chosen, lines: Sequence[Line] | None = None
    ) -> list[dict[str, Any]]:
        """Compare what would be sent with what was approved; of a boundary with two readings, both."""
        order = _order(arrival.target)
        refused = {line.number for line in lines or () if line.outcome == "refused"}
        asked = [line for line in lines or () if line.outcome == "ask"]
        if len(asked) > 1 or len(refused) == len(intake.numbers):
            return []
        ways = [(str(one["text"]), {asked[0].number: str(one["key"])}) for line in asked for one in line.variants]
        told = []
        for label, variants in ways or [("", dict(chosen.variants))]:
            one = Chosen(chosen.candidate, frozenset(refused), variants)
            try:
                zone = _zone(intake, one)
            except DatNgheError as problem:  # too large, too many, two ways: the verdicts tell it feature by feature
                told.append({"label": label, "refused": join(" ", [problem.message, problem.where])})
                continue
            if zone.geom.intersects(order.version.geom):
                told.append({"label": label, **_comparison(order, arrival, zone)})
        return told

    def seen(self, target: str) -> dict[str, str]:
        """Return nothing: a return is added, none is changed."""
        return {}

    def warning(self, target: str) -> str:
        """Say that measurements the department has not answered yet are replaced."""
        waiting = [one for one in returns_of(_order(target).proposal) if one.state == ReturnState.SENT]
        if not waiting:
            return ""
        return _("Return %(number)s, which the department has not answered yet, is replaced.") % {
            "number": waiting[0].number
        }

    def take(self, person: User | None, arrival: Arrival, intake: Intake, chosen: Chosen) -> Taken:
        """Send the areas that were not left out; the file goes along and is not kept twice."""
        zone = _zone(intake, chosen)
        facts = arrival.answers["about"]
        stored = arrival.stored
        with default_storage.open(stored, "rb") as file:
            returned = send_return(
                _order(arrival.target),
                geom=zone.geom,
                file=File(file, name=arrival.filename),
                how=Measured(**{**facts, "measured_on": date.fromisoformat(facts["measured_on"])}),
                reading=chosen.candidate.label,
                notices=zone.notices,
            )
        arrival.stored = ""
        arrival.save(update_fields=["stored"])
        transaction.on_commit(lambda: default_storage.delete(stored))
        return Taken(
            reverse("survey:receipt", args=[KEY, returned.number]),
            _("The department has received return %(number)s.") % {"number": returned.number},
        )


MEASURED = MeasuredPurpose()


def _order(target: str) -> SurveyOrder:
    found = SurveyOrder.objects.select_related("proposal__unit__level", "version").filter(pk=target).first()
    if found is None:
        raise NotFound(_("There is no such survey order."))
    return found


def _joined(points: Intake, chosen: object) -> Intake:
    """Return the points joined in the chosen order; raises `Asked` for it, InputRefused when none makes a boundary."""
    from layers.intake.points import orders_of

    orders = orders_of(points)
    for order in orders:
        if order.key == chosen and not order.crossing:
            return order.intake
    count = sum(len(block.rows) for block in orders[0].facts.blocks)
    table = points.corners is not None
    raise Asked(
        "points", {"count": count, "table": table, "orders": [_order_facts(one, table=table) for one in orders]}
    )


def _zone(intake: Intake, chosen: Chosen) -> VettedZone:
    from layers.intake.read import to_zone

    features = [index for index, number in enumerate(intake.numbers) if number not in chosen.left_out]
    if not features:
        raise InputRefused(_("No area of the file is ticked."), code="NO_FEATURES", todo=_("Tick at least one."))
    return to_zone(intake, chosen.candidate, features=features, choices=dict(chosen.variants))


def _comparison(order: SurveyOrder, arrival: Arrival, zone: VettedZone) -> dict[str, Any]:
    """Compare as sending would; the row is for looking at only."""
    comparison = printed_comparison(
        SurveyReturn(
            order=order,
            proposal=order.proposal,
            version=order.version,
            measured_on=date.fromisoformat(arrival.answers["about"]["measured_on"]),
            geom=zone.geom,
            area_m2=zone.area_m2,
        )
    )
    corners = comparison.corners
    return {
        "measured_m2": comparison.measured_m2,
        "difference_m2": comparison.difference_m2,
        "corners": {
            "within": corners.within,
            "tolerance_m": corners.tolerance_m,
            "largest_m": corners.largest_m,
            "unmatched": corners.unmatched,
        },
    }


def _order_facts(one: PointOrder, *, table: bool) -> dict[str, Any]:
    """Return one order of the points as the page offers it, with its outline as the likeliest reading places it."""
    best = one.intake.best
    rows = [row for block in one.facts.blocks for row in block.rows]
    ghost = None if best is None else one.intake.ghost(best)
    name = _(one.column) if table else one.column
    rings = ngettext("%(shown)s ring", "%(shown)s rings", one.rings) % {"shown": number(one.rings)}
    return {
        "key": one.key,
        "label": _("by the column “%(name)s”") % {"name": name} if one.column else _("as they stand in the file"),
        "rings": rings,
        "area": None if one.facts.area_m2 is None else square_metres(one.facts.area_m2),
        "corners": " – ".join(row.name for row in rows[:NAMED]) + (" …" if len(rows) > NAMED else ""),
        "crossing": one.crossing,
        "geometry": None if ghost is None else to_geojson(ghost),
        "labels": [] if best is None or len(rows) > LABELLED else _labels(rows, best),
    }


def _labels(rows: Sequence[CornerRow], best: CrsCandidate) -> list[dict[str, Any]]:
    """Return the name of each point with its place (longitude, latitude) as a reading puts it."""
    moved = best.to_storage(np.array([(row.y, row.x) for row in rows], dtype=float))
    if not np.isfinite(moved).all():
        return []
    places = to_geojson(MultiPoint([Point(*xy) for xy in moved.tolist()], srid=storage_srid()))["coordinates"]
    return [{"name": row.name, "at": at} for row, at in zip(rows, places, strict=True)]
