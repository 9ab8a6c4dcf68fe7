"""How do the rows of a file become records of a register? One by one through the register's own verb, or with a reason.

What would be refused is found out by doing it and undoing it: the verbs alone know their rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely
from django import forms
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_noop

from layers.crs import storage_srid
from layers.errors import DatNgheError, InputRefused
from layers.intake.limits import IntakeLimits
from layers.models import AdminUnit
from layers.said import gettext as _
from layers.said import ngettext
from mapping.desks.intake.columns import best_mapping
from mapping.desks.intake.figures import number
from mapping.desks.intake.models import Arrival
from mapping.desks.intake.purposes.base import Asked, Chosen, Column, Line, Taken, signed_in
from mapping.desks.intake.purposes.cells import Row, unit_named
from mapping.desks.intake.purposes.reading import read_vector
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require, scope_units

if TYPE_CHECKING:
    from layers.intake.read import Intake

# Where the rows of a table lie; other files know it themselves.
PLACES = (
    Column(
        "north",
        gettext_noop("Place: X (northing) or latitude"),
        names=("x", "x_m", "toa_do_x", "vi_do", "lat", "latitude", "northing", "bac", "n"),
        help=gettext_noop("Empty: found by heading and size."),
        of_tables=True,
    ),
    Column(
        "east",
        gettext_noop("Place: Y (easting) or longitude"),
        names=("y", "y_m", "toa_do_y", "kinh_do", "lon", "lng", "long", "longitude", "easting", "dong", "e"),
        help=gettext_noop("Empty: found by heading and size."),
        of_tables=True,
    ),
)
# Each row is one act of the register with its own event; more than a province has villages is a mistake.
ROWS = IntakeLimits(features=2_000, vertices=200_000, seconds=20.0)


class RegisterPurpose:
    """Enter the rows of a file into a register; subclasses name the columns and the verb."""

    key = ""
    kind = ""
    limits = ROWS
    confirms_crs = False
    in_province = True
    must_choose = True
    capability = Capability.KEEP_VILLAGE
    wanted: tuple[Column, ...] = ()

    def title(self, target: str) -> str:
        """Name the register."""
        raise NotImplementedError

    def door(self, person: User | None, target: str) -> None:
        """Let in who keeps the register; the verb asks again for the commune of each row."""
        require(signed_in(person), self.capability)

    def unit(self, target: str) -> AdminUnit | None:
        """Return none: each row has its own commune."""
        return None

    def about_form(self, request: HttpRequest, target: str) -> forms.Form | None:
        """Ask nothing beside the file."""
        return None

    def about(self, form: forms.Form) -> tuple[str, dict[str, Any]]:
        """Return nothing: there is no form."""
        return "", {}

    def columns(self, target: str) -> tuple[Column, ...]:
        """Return what columns may mean, in the page's language."""
        wanted = (*self.wanted, *PLACES)
        return tuple(replace(column, label=_(column.label), help=_(column.help)) for column in wanted)

    def read(self, arrival: Arrival, path: Path, options: Mapping[str, Any]) -> Intake:
        """Read the places of the file; asks for the columns when a table does not tell which hold them."""
        told = options.get("columns", {})
        places = (str(told.get("north", "")), str(told.get("east", "")))
        try:
            return read_vector(arrival, path, options, kind=self.kind, limits=self.limits, places=places)
        except InputRefused as problem:
            fields = problem.detail.get("fields")
            if problem.code != "TABLE_PLACES" or not isinstance(fields, list):
                raise
            wanted = self.columns(arrival.target)
            remembered, proposed = best_mapping(arrival, wanted, [one["name"] for one in fields])
            said = {"text": str(problem.message), "where": str(problem.where), "todo": str(problem.todo)}
            asked = {"fields": fields, "proposed": proposed, "remembered": remembered, "problem": said}
            raise Asked("columns", asked) from problem

    def seen(self, target: str) -> dict[str, str]:
        """Return nothing: rows are added, none is replaced."""
        return {}

    def warning(self, target: str) -> str:
        """Return nothing: rows are added, none is replaced."""
        return ""

    def judge(self, arrival: Arrival, intake: Intake, chosen: Chosen, lines: Sequence[Line]) -> Sequence[Line]:
        """Try every row whose place can be used, and undo it: what the register refuses is known beforehand."""
        if arrival.person is None:
            return lines
        whole = replace(chosen, left_out=frozenset())
        with transaction.atomic():
            found = self._enter_all(arrival.person, arrival, intake, whole, lines)
            transaction.set_rollback(True)
        return found

    def take(self, person: User | None, arrival: Arrival, intake: Intake, chosen: Chosen) -> Taken:
        """Enter the rows that were not left out; a row refused meanwhile is left out with its reason."""
        known = [_line_of(data) for data in arrival.facts["verdicts"]["lines"]]
        found = self._enter_all(signed_in(person), arrival, intake, chosen, known)
        entered = sum(line.outcome != "refused" for line in found if line.number not in chosen.left_out)
        if not entered:
            raise InputRefused(
                _("No row of the file can be entered."), code="NO_FEATURES", todo=_("Tick at least one.")
            )
        message = ngettext(
            "%(shown)s record is in the register.", "%(shown)s records are in the register.", entered
        ) % {"shown": number(entered)}
        was = {line.number: line.outcome for line in known}
        late = tuple(
            line
            for line in found
            if line.outcome == "refused" and was[line.number] != "refused" and line.number not in chosen.left_out
        )
        return Taken(self.back(arrival.target), message, refused=late)

    def back(self, target: str) -> str:
        """Return the register's page."""
        raise NotImplementedError

    def enter(self, actor: User, row: Row, unit: AdminUnit, arrival: Arrival) -> None:
        """Enter one row by the register's verb; raises what the verb raises."""
        raise NotImplementedError

    def _enter_all(
        self, actor: User, arrival: Arrival, intake: Intake, chosen: Chosen, lines: Sequence[Line]
    ) -> list[Line]:
        places = _places(intake, chosen, lines)
        units = list(scope_units(actor, self.capability).select_related("level"))
        found = []
        for index, line in enumerate(lines):
            place = places[index]
            open_question = line.outcome == "ask" and line.number not in chosen.variants
            if place is None or line.outcome == "refused" or open_question or line.number in chosen.left_out:
                found.append(line)
                continue
            row = Row(intake.attributes(index), chosen, place)
            label = row.text("name")[:80] or line.label
            try:
                with transaction.atomic():
                    self.enter(actor, row, _unit_of(row, units), arrival)
            except DatNgheError as problem:
                told = {
                    "code": problem.code,
                    "message": str(problem.message),
                    "where": str(problem.where),
                    "todo": str(problem.todo),
                }
                found.append(replace(line, label=label, outcome="refused", refused=told))
            else:
                found.append(replace(line, label=label))
        return found


def _places(intake: Intake, chosen: Chosen, lines: Sequence[Line]) -> list[GEOSGeometry | None]:
    """Return the usable geometry of each line in the storage CRS, on the millimetre grid."""
    from layers.intake.read import storage_shapes
    from layers.intake.verdicts import chosen_shapes
    from layers.vetting import FEATURES, vet_features

    shapes = storage_shapes(intake, chosen.candidate)
    if chosen.variants:
        shapes = chosen_shapes(shapes, intake.numbers, chosen.variants)
    blobs = [bytes(blob) for blob in shapely.to_wkb(shapes, byte_order=1)]
    vetted = list(vet_features(blobs, intake.kind, FEATURES))
    if len(vetted) != len(lines):
        raise InputRefused(_("The file does not read as before."), code="FILE_CHANGED", todo=_("Send it again."))
    return [GEOSGeometry(memoryview(one.wkb), srid=storage_srid()) if one.refused is None else None for one in vetted]


def _unit_of(row: Row, units: Sequence[AdminUnit]) -> AdminUnit:
    """Return the commune a row names, else the one its place lies in; only communes of the person's own."""
    named = row.text("unit")
    if named:
        return unit_named(named, units)
    spot = row.spot()
    for unit in units:
        if unit.geom is not None and unit.geom.intersects(spot):
            return unit
    raise InputRefused(_("The place lies in no commune you answer for."), code="PLACE_OUTSIDE_SCOPE")


def _line_of(data: Mapping[str, Any]) -> Line:
    return Line(
        number=int(data["number"]),
        label=str(data["label"]),
        outcome=str(data["outcome"]),
        notices=tuple(data["notices"]),
        refused=data["refused"],
        before_m2=data["before_m2"],
        after_m2=data["after_m2"],
        variants=tuple(data["variants"]),
    )
