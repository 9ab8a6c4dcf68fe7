"""Which coordinates may a zone have? Those on the 1 mm grid of the storage CRS, in one normal order, with one hash.

It does not judge validity: rounding may make a geometry touch itself, which is what `layers.vetting` is for.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, WKBWriter

from layers.crs import storage_srid
from layers.errors import InputRefused
from layers.messages import sentence
from layers.said import gettext as _

GRID_M = 0.001
_DECIMALS = 3


def on_grid(geom: GEOSGeometry) -> GEOSGeometry:
    """Round a storage geometry to 0.001 m, drop Z and repeated points, and bring it into GEOS normal order.

    Idempotent: a geometry that is on the grid comes back byte for byte. Raises InputRefused for another SRID or a
    coordinate that is not a finite number.
    """
    import shapely

    if geom.srid != storage_srid():
        raise InputRefused(
            _("The coordinate system of a geometry is not the expected one."),
            code="CRS_MISMATCH",
            where=f"SRID {geom.srid}",
        )
    return shape_on_grid(shapely.force_2d(shapely.from_wkb(bytes(geom.wkb))))


def shape_on_grid(shape: Any) -> GEOSGeometry:
    """Do the same with a two-dimensional shapely geometry whose coordinates are in the storage CRS.

    Raises InputRefused, too, for a ring that vanishes on the grid (GEOM_DEGENERATE).
    """
    import numpy as np
    import shapely

    coordinates = shapely.get_coordinates(shape)
    if not np.isfinite(coordinates).all():
        raise InputRefused(_("A coordinate is not a finite number."), code="COORD_NOT_FINITE")
    rounded = shapely.set_coordinates(shape, np.round(coordinates, _DECIMALS) + 0.0)
    try:
        normal = shapely.normalize(shapely.remove_repeated_points(rounded, 0))
    except shapely.errors.GEOSException as error:  # a ring of less than a millimetre has no corners left
        message, todo = sentence("GEOM_DEGENERATE", {})
        raise InputRefused(message, code="GEOM_DEGENERATE", todo=todo) from error
    return GEOSGeometry(memoryview(shapely.to_wkb(normal, byte_order=1)), srid=storage_srid())


def canonical_wkb(geom: GEOSGeometry) -> bytes:
    """Return the normalised little-endian two-dimensional WKB without SRID; the bytes the hash is taken of."""
    normal = geom.clone()
    normal.normalize()
    writer = WKBWriter(dim=2)
    writer.byteorder = 1
    return bytes(writer.write(normal))


def geometry_hash(geom: GEOSGeometry) -> str:
    """Return the SHA-256 of the canonical WKB as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_wkb(geom)).hexdigest()


def hash_on_grid(geom: GEOSGeometry) -> str:
    """Return the same of a geometry as `on_grid` returned it, which need not be brought into order again."""
    return hashlib.sha256(bytes(geom.wkb)).hexdigest()
