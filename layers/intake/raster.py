"""What came in with this GeoTIFF? Gate, the reader child, then the questions of any file: where, and which classes.

It stores nothing: the areas it makes are vetted and staged like those of a vector file.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings

from layers.errors import InputRefused
from layers.intake import limits
from layers.intake.candidates import CrsCandidate
from layers.intake.limits import LAYER
from layers.intake.read import Intake, intake_of, storage_shapes
from layers.intake.reader_raster import codes_of
from layers.intake.refusals import refusal
from layers.intake.run import read_in_child
from layers.models import Layer
from layers.said import gettext as _

# TIFF and BigTIFF, little and big endian.
_MAGIC = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
SLOPE = "slope"
# What the rules of the catalogue ask for (slope, flood) and what the relief of the base map is tinted by.
DEFAULT_BREAKS: dict[str, tuple[float, ...]] = {
    "slope": (8, 15, 25),
    "flood": (0.5, 1, 2),
    "relief": (50, 200, 400, 600, 800, 1000, 1300, 1600, 2000),
}
UNITS = {"slope": "%", "flood": "m", "relief": "m"}
MOST_CLASSES = 20
# What of a raster must lie in the province for its declared coordinate system to be believed unasked.
LEAST_INSIDE = 0.05


@dataclass(frozen=True)
class Classes:
    """Say how a raster becomes areas: *breaks* ascending, *derive* "" or "slope", specks below *min_area_m2* go."""

    breaks: tuple[float, ...]
    derive: str = ""
    min_area_m2: float = 10_000.0

    def as_data(self) -> dict[str, Any]:
        """Return the classes ready for JSON."""
        return {"breaks": list(self.breaks), "derive": self.derive, "min_area_m2": self.min_area_m2}

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Classes:
        """Read what `as_data` gave."""
        return cls(tuple(data["breaks"]), data.get("derive", ""), float(data.get("min_area_m2", 0.0)))


def parse_breaks(text: str) -> tuple[float, ...]:
    """Read class limits as a person writes them: ``8; 15; 25``; the decimal mark may be a comma.

    Raises InputRefused (RASTER_BREAKS) when they are no ascending numbers, or more than 19.
    """
    pieces = [piece.strip().replace(",", ".") for piece in text.replace("\n", ";").split(";") if piece.strip()]
    try:
        breaks = tuple(float(piece) for piece in pieces)
    except ValueError:
        breaks = ()
    ascending = all(low < high for low, high in pairwise(breaks))
    if not breaks or not ascending or len(breaks) >= MOST_CLASSES or not np.isfinite(breaks).all():
        raise InputRefused(
            _("The class limits cannot be read."),
            code="RASTER_BREAKS",
            where=text[:80],
            todo=_("Write ascending numbers with semicolons between them, for example 8; 15; 25."),
        )
    return breaks


def raster_facts(path: Path, filename: str) -> dict[str, Any]:
    """Read what a GeoTIFF holds: size, step, smallest, middle, largest value, share without data. Raises refusals."""
    facts, _blobs, _digest = _read(path, filename, {})
    return dict(facts["raster"])


def read_raster_file(path: Path, filename: str, layer: Layer, classes: Classes) -> Intake:
    """Read a GeoTIFF as areas by class, named as the layer's columns say, and rank its coordinate systems."""
    facts, blobs, digest = _read(path, filename, classes.as_data())
    codes = codes_of(list(classes.breaks))
    edges = [None, *classes.breaks, None]
    unit = UNITS.get(layer.code, "")
    rows = []
    for (number,) in facts["rows"]:
        code = codes[number - 1]
        rows.append([f"{code} {unit}".strip(), code, edges[number - 1], edges[number]])
    names = (layer.name_field or "name", layer.class_field or "class", "from", "to")
    report = {
        **facts["raster"],
        **classes.as_data(),
        "unit": unit,
        "classes": [
            {"code": code, "cells": cells, "cells_read": read}
            for code, cells, read in zip(codes, facts["raster"]["cells"], facts["raster"]["cells_read"], strict=True)
        ],
    }
    shapes = shapely.from_wkb(np.array(blobs, dtype=object))
    intake = intake_of(
        {**facts, "fields": list(names), "rows": rows}, shapes, filename=filename, named="tif", sha256=digest,
        kind="polygon", limits=LAYER,
    )  # fmt: skip
    if intake.question == "OUTSIDE_PROVINCE" and intake.candidates[0].declared and _touches(intake):
        # a raster is a rectangle: most of it lies outside any province that is none
        intake = replace(intake, question="", question_text="", question_todo="")
    return replace(intake, raster=report)


def _touches(intake: Intake) -> bool:
    return intake.candidates[0].share_in_province >= LEAST_INSIDE


def raster_report(intake: Intake, candidate: CrsCandidate) -> dict[str, Any]:
    """Return what the loading report keeps of a raster: classes with cells and hectares on the ground, step, specks."""
    hectares: dict[str, float] = {}
    for row, area in zip(intake.rows, shapely.area(storage_shapes(intake, candidate)), strict=True):
        hectares[str(row[1])] = hectares.get(str(row[1]), 0.0) + float(area) / 10_000
    classes = [{**one, "area_ha": round(hectares.get(one["code"], 0.0), 2)} for one in intake.raster["classes"]]
    return {**intake.raster, "classes": classes}


def _read(path: Path, filename: str, params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes], str]:
    content = path.read_bytes() if path.stat().st_size <= limits.UPLOAD_BYTES else b""
    if path.stat().st_size > limits.UPLOAD_BYTES:
        raise refusal("UPLOAD_TOO_LARGE", where=f"{path.stat().st_size / 1024**2:.0f} MB")
    if not content:
        raise refusal("FILE_EMPTY")
    if not content.startswith(_MAGIC):
        raise refusal("FORMAT_MISMATCH", named=Path(filename).suffix.lower())
    with tempfile.TemporaryDirectory(prefix="datnghe-intake-") as folder:
        target = Path(folder) / "raster.tif"
        target.write_bytes(content)
        more = {**params, "gdal": settings.GDAL_LIBRARY_PATH}
        facts, blobs = read_in_child(target, "tif", limits=LAYER, filename=filename, more=more)
    return facts, blobs, hashlib.sha256(content).hexdigest()
