"""How do geopandas and shapely cut the same features out of the same zone? The rows the index finds, nothing else.

Reading the rows is not timed: the peer gets them for nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas
import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection

from layers.crs import storage_srid

HITS = """
    SELECT p.edition_id, p.feature_id, ST_AsBinary(p.geom)
    FROM (SELECT ST_GeomFromWKB(%s, %s) AS zone OFFSET 0) AS place, unnest(%s) AS asked(id) CROSS JOIN LATERAL (
        SELECT * FROM layers_featurepart part
        WHERE part.edition_id = asked.id AND ST_Intersects(place.zone, part.geom)
          AND layers_sheet(part.edition_id, part.geom) && layers_sheet(asked.id, place.zone)
        OFFSET 0
    ) AS p
    WHERE ST_Dimension(p.geom) = 2
"""
OVERLAP = "SELECT edition_id, feature_id, overlap_m2 FROM check_overlap(ST_GeomFromWKB(%s, %s), %s, %s) WHERE dims = 2"


@dataclass(frozen=True)
class Hits:
    """Hold what the index finds for one zone: the parts as a table, and the zone as one."""

    zone: GEOSGeometry
    keys: list[tuple[int, int]]
    parts: Any
    layers: tuple[Any, ...]
    site: Any


def hits(zone: GEOSGeometry, editions: Sequence[int]) -> Hits:
    """Return the parts of areas that meet *zone*."""
    with connection.cursor() as cursor:
        cursor.execute(HITS, [bytes(zone.wkb), storage_srid(), list(editions)])
        rows = cursor.fetchall()
    crs = storage_srid()
    shapes = shapely.from_wkb([bytes(row[2]) for row in rows])
    parts = geopandas.GeoDataFrame({"row": range(len(rows))}, geometry=shapes, crs=crs)
    site = geopandas.GeoDataFrame({"zone": [1]}, geometry=[shapely.from_wkb(bytes(zone.wkb))], crs=crs)
    layers = tuple(parts.iloc[[at for at, row in enumerate(rows) if row[0] == edition]] for edition in editions)
    return Hits(zone, [(int(row[0]), int(row[1])) for row in rows], parts, layers, site)


def overlay_layers(found: Hits) -> list[Any]:
    """Cut the parts by the zone the way a script does: one overlay for each layer that is asked."""
    return [geopandas.overlay(layer, found.site, how="intersection", keep_geom_type=True) for layer in found.layers]


def overlay_at_once(found: Hits) -> Any:
    """Cut the parts of all layers in one overlay, as if they were one layer: the least geopandas can do."""
    return geopandas.overlay(found.parts, found.site, how="intersection", keep_geom_type=True)


def overlap(zone: GEOSGeometry, editions: Sequence[int]) -> list[tuple[int, int, float]]:
    """Return edition, feature and m² the way the check does, live."""
    with connection.cursor() as cursor:
        cursor.execute(OVERLAP, [bytes(zone.wkb), storage_srid(), list(editions), False])
        return [(int(edition), int(feature or 0), float(area)) for edition, feature, area in cursor.fetchall()]


def largest_difference(found: Hits, editions: Sequence[int]) -> float:
    """Return the largest relative difference between our areas of a layer in the zone and shapely's."""
    site = found.site.geometry.iloc[0]
    cut = shapely.area(shapely.intersection(np.asarray(found.parts.geometry), site)).tolist()
    theirs: dict[int, list[float]] = {}
    for (edition, _feature), area in zip(found.keys, cut, strict=True):
        theirs.setdefault(edition, []).append(area)
    ours: dict[int, list[float]] = {}
    for edition, feature, area in overlap(found.zone, editions):
        if feature:
            ours.setdefault(edition, []).append(area)
    largest = 0.0
    for edition in theirs.keys() | ours.keys():
        one, other = math.fsum(ours.get(edition, ())), math.fsum(theirs.get(edition, ()))
        if max(one, other) > 1.0:  # below a square metre it is contact, not area
            largest = max(largest, abs(one - other) / max(one, other))
    return largest
