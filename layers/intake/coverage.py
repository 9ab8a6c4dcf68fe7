"""Where did the publisher look? A coverage from a file of its own, where a raster has data, or what a steward named.

It stores nothing; staging checks that the area is valid.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry

from layers.crs import storage_srid
from layers.errors import InputRefused
from layers.intake.candidates import CrsCandidate
from layers.intake.limits import LAYER
from layers.intake.read import Intake, read_vector_file, storage_shapes
from layers.models import AdminUnit
from layers.said import gettext as _
from layers.vetting import FEATURES, vet_features


def coverage_of_data(intake: Intake, candidate: CrsCandidate) -> GEOSGeometry:
    """Return where a raster has data (storage CRS, on the grid): there its publisher looked, and nowhere else."""
    moved = shapely.transform(storage_shapes(intake, candidate), lambda xy: np.round(xy, 3))
    whole = shapely.coverage_union_all(moved)
    if not shapely.is_valid(whole):
        whole = shapely.union_all(shapely.make_valid(moved))
    return _as_geometry(whole)


def coverage_of_file(path: Path, filename: str) -> GEOSGeometry:
    """Return the areas of a file from outside as one coverage (storage CRS, on the grid).

    Raises the refusals of reading and vetting, and InputRefused (COVERAGE_INVALID) when its coordinate system is open:
    only the data themselves are asked about.
    """
    intake = read_vector_file(path, filename, kind="polygon", limits=LAYER)
    if intake.question:
        raise InputRefused(
            _("The coordinate system of the coverage is not certain."),
            code="COVERAGE_INVALID",
            where=intake.question_text,
            todo=_("Send the coverage in VN-2000 of the province or in WGS 84, with its coordinate system."),
        )
    blobs = [bytes(blob) for blob in shapely.to_wkb(storage_shapes(intake, intake.candidates[0]), byte_order=1)]
    vetted = list(vet_features(blobs, "polygon", FEATURES))
    refused = next((feature.refused for feature in vetted if feature.refused is not None), None)
    if refused is not None:
        raise refused
    return _as_geometry(shapely.union_all(shapely.from_wkb([feature.wkb for feature in vetted])))


def coverage_named(name: str, intake: Intake, candidate: CrsCandidate) -> GEOSGeometry | None:
    """Return the coverage a steward named: the box of the data, a unit (``unit:<id>``), or None for the province."""
    if name == "box":
        west, south, east, north = shapely.total_bounds(storage_shapes(intake, candidate))
        box = shapely.box(west - 1, south - 1, east + 1, north + 1)
        return GEOSGeometry(memoryview(shapely.to_wkb(box)), srid=storage_srid())
    if name.startswith("unit:") and name[5:].isdigit():
        unit = AdminUnit.objects.filter(pk=int(name[5:])).first()
        if unit is None:
            raise InputRefused(_("The unit named as coverage does not exist."), code="COVERAGE_INVALID", where=name)
        area: GEOSGeometry = unit.geom
        return area
    return None


def _as_geometry(whole: shapely.Geometry) -> GEOSGeometry:
    return GEOSGeometry(memoryview(shapely.to_wkb(whole, byte_order=1)), srid=storage_srid())
