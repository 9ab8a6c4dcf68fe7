"""How does a file become a staged edition of a layer? With what its publisher says; a raster through its classes.

Nothing is published by it: another person confirms the edition on the steward's desk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from layers.errors import InputRefused, NotFound
from layers.intake.limits import LAYER
from layers.models import AdminUnit, Layer
from layers.models.layer import GeometryKind
from layers.said import gettext as _
from mapping.desks.intake import kept
from mapping.desks.intake.forms import EditionForm
from mapping.desks.intake.models import Arrival
from mapping.desks.intake.purposes.base import Asked, Chosen, Column, Line, Taken, signed_in
from mapping.desks.intake.purposes.reading import read_vector
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.proposals.services.stage_edition import stage_file

if TYPE_CHECKING:
    from layers.intake.read import Intake
    from layers.intake.rows import LayerRows

OPTIONS = ("source", "licence", "coverage", "schematic", "note")


class EditionPurpose:
    """Stage a file as an edition; *target* is the code of the layer."""

    key = "edition"
    kind = ""
    limits = LAYER
    confirms_crs = False
    in_province = False
    must_choose = False

    def title(self, target: str) -> str:
        """Name the layer."""
        layer = Layer.objects.filter(code=target).first()
        if layer is None:
            return _("Edition of a layer")
        return _("Edition of %(layer)s") % {"layer": layer.name_en if get_language() == "en" else layer.name_vi}

    def door(self, person: User | None, target: str) -> None:
        """Let stewards in."""
        require(signed_in(person), Capability.LOAD_EDITION)

    def unit(self, target: str) -> AdminUnit | None:
        """Return none: a layer covers the province."""
        return None

    def back(self, target: str) -> str:
        """Return the layer's page, or the list of layers."""
        return reverse("steward:layer", args=[target]) if target else reverse("steward:home")

    def about_form(self, request: HttpRequest, target: str) -> forms.Form | None:
        """Ask for layer, validity, source, licence, coverage."""
        if request.method == "POST":
            return EditionForm(request.POST, request.FILES)
        return EditionForm(initial={"layer": Layer.objects.filter(code=target).first()})

    def about(self, form: forms.Form) -> tuple[str, dict[str, Any]]:
        """Return the layer's code and what was said, as plain data."""
        given = form.cleaned_data
        said: dict[str, Any] = {name: given[name] for name in OPTIONS}
        said["effective_from"] = given["effective_from"].isoformat()
        if given["looked_on"]:
            said["looked_on"] = given["looked_on"].isoformat()
        if given["coverage"] == "unit":
            said["coverage"] = f"unit:{given['coverage_unit'].pk}"
        return given["layer"].code, said

    def columns(self, target: str) -> tuple[Column, ...]:
        """Ask which columns hold name, class and identifier."""
        layer = _layer(target)
        class_names = (layer.class_field, "class_code", "loai", "loai_dat", "ma_loai", "class", "type")
        columns = [Column("name", _("Name"), names=(layer.name_field, "ten", "ten_goi", "name", "label"))]
        if layer.class_field:
            columns.append(Column("class", _("Class"), names=class_names, help=_("What rules tell apart.")))
        columns.append(
            Column(
                "id",
                _("Identifier at the publisher"),
                names=("source_id", "ma_nguon", "id", "ma", "ma_so", "objectid", "fid"),
            ),
        )
        return tuple(columns)

    def read(self, arrival: Arrival, path: Path, options: Mapping[str, Any]) -> Intake:
        """Read a vector file, or a GeoTIFF as areas; raises `Asked` for the classes of a raster."""
        layer = _layer(arrival.target)
        if is_raster(arrival.filename):
            return _raster(arrival, layer, path, options)
        return read_vector(arrival, path, options, kind=layer.geometry_kind, limits=self.limits)

    def judge(self, arrival: Arrival, intake: Intake, chosen: Chosen, lines: Sequence[Line]) -> Sequence[Line]:
        """Add nothing: the edition's own report compares it with the current one."""
        return lines

    def seen(self, target: str) -> dict[str, str]:
        """Return nothing: staging replaces nothing."""
        return {}

    def warning(self, target: str) -> str:
        """Return nothing: staging replaces nothing."""
        return ""

    def take(self, person: User | None, arrival: Arrival, intake: Intake, chosen: Chosen) -> Taken:
        """Stage the features that were not left out."""
        layer, about = _layer(arrival.target), arrival.answers["about"]
        edition = stage_file(
            signed_in(person),
            layer,
            intake,
            chosen.candidate,
            _rows(layer, intake, chosen),
            effective_from=date.fromisoformat(about["effective_from"]),
            looked_on=date.fromisoformat(about["looked_on"]) if about.get("looked_on") else None,
            source=about["source"],
            licence=about.get("licence", ""),
            coverage=_coverage(about, intake, chosen),
            schematic=bool(about.get("schematic")),
            note=about.get("note", ""),
            report={"left_out": len(chosen.left_out), "columns": dict(chosen.columns)},
        )
        message = _("Edition %(number)s is staged. Another person confirms it.") % {"number": edition.number}
        return Taken(reverse("steward:edition", args=[edition.pk]), message)


def is_raster(filename: str) -> bool:
    """Tell by its name whether a file is a raster."""
    return Path(filename).suffix.lower() in {".tif", ".tiff"}


def _layer(code: str) -> Layer:
    layer = Layer.objects.filter(code=code).first()
    if layer is None:
        raise NotFound(_("There is no such layer."))
    return layer


def _rows(layer: Layer, intake: Intake, chosen: Chosen) -> LayerRows:
    """Return the layer's rows: columns as chosen, ambiguous boundaries as chosen, without what was left out."""
    from layers.intake.read import storage_shapes, to_rows
    from layers.intake.verdicts import chosen_shapes

    named = chosen.columns
    own = Layer(code=layer.code, name_field=named.get("name", ""), class_field=named.get("class", ""))
    ways: dict[int, bytes] = {}
    if chosen.variants:
        shapes = chosen_shapes(storage_shapes(intake, chosen.candidate), intake.numbers, chosen.variants)
        ways = {
            number: bytes(shapes[index].wkb) for index, number in enumerate(intake.numbers) if number in chosen.variants
        }
    return to_rows(
        intake,
        chosen.candidate,
        layer if intake.raster else own,
        id_field=named.get("id", ""),
        left_out=chosen.left_out,
        instead=ways,
    )


def _raster(arrival: Arrival, layer: Layer, path: Path, options: Mapping[str, Any]) -> Intake:
    from layers.intake.raster import DEFAULT_BREAKS, UNITS, Classes, raster_facts, read_raster_file

    if layer.geometry_kind != GeometryKind.POLYGON:
        raise InputRefused(
            _("A raster becomes areas; this layer holds something else."),
            code="GEOM_TYPE",
            where=str(layer),
            todo=_("Choose a layer of areas."),
        )
    if "classes" in options:
        return read_raster_file(path, arrival.filename, layer, Classes.of_data(options["classes"]))
    usual = DEFAULT_BREAKS.get(layer.code, ())
    facts = raster_facts(path, arrival.filename)
    raise Asked(
        "classes",
        {**facts, "breaks": "; ".join(f"{item:g}" for item in usual), "unit": UNITS.get(layer.code, "")},
    )


def _coverage(about: Mapping[str, Any], intake: Intake, chosen: Chosen) -> Any:
    """Return where the publisher looked: as the steward said, for a raster else where it has data."""
    from layers.intake.coverage import coverage_named, coverage_of_data, coverage_of_file

    name = about.get("coverage", "")
    if name == "file":
        with kept.local_copy(about["coverage_stored"], about["coverage_filename"]) as path:
            return coverage_of_file(path, about["coverage_filename"])
    if not name and intake.raster:
        return coverage_of_data(intake, chosen.candidate)
    return coverage_named(name, intake, chosen.candidate)
