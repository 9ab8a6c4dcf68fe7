"""How does a boundary look in a list? As the path of a small drawing, north up, a few dozen points."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import GEOSGeometry

WIDTH, HEIGHT, MARGIN = 96.0, 72.0, 8.0


def outline(geom: GEOSGeometry | None) -> str:
    """Return the ``d`` of an SVG path for a zone in the storage CRS, in a box of 96 x 72; empty without a zone."""
    if geom is None or geom.empty:
        return ""
    west, south, east, north = geom.extent
    scale = min((WIDTH - 2 * MARGIN) / max(east - west, 1e-6), (HEIGHT - 2 * MARGIN) / max(north - south, 1e-6))
    left = (WIDTH - (east - west) * scale) / 2
    top = (HEIGHT - (north - south) * scale) / 2
    simple = geom.simplify(0.4 / scale, preserve_topology=True)
    polygons: Any = simple if simple.geom_type == "MultiPolygon" else [simple]
    paths = []
    for polygon in polygons:
        for ring in polygon:
            points = " L".join(
                f"{left + (p[0] - west) * scale:.1f} {top + (north - p[1]) * scale:.1f}" for p in ring.coords[:-1]
            )
            paths.append(f"M{points}Z")
    return "".join(paths)
