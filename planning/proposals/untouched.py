"""Would a zone get the same answer from another edition, because nothing that is read of it differs?

It asks no rule: a question that reads the same rows gives the same answer. In doubt a zone counts as touched.
"""

from __future__ import annotations

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection

from planning.checks.distances import look_m
from planning.checks.types import Basis, Subject

# Beyond rounding to the grid; nothing that a rule reads lies further than it looks.
MARGIN_M = 1.0


def touched(subject: Subject, layer: str, before: Basis, after: Basis) -> bool:
    """Tell whether the editions of *layer* in two bases may answer differently about *subject*.

    The two bases differ in this layer only. Compared are the features within the reach of the layer's rules (and the
    rows of existing land use), by ground, class, name, identifier and attributes, and the coverage as far as that.
    """
    old, new = before.editions.get(layer), after.editions.get(layer)
    if old is None or new is None:
        return True
    sides = (before.coverages[old.coverage_key], after.coverages[new.coverage_key])
    rules = [rule for rule in after.rules if rule.layer_code == layer]
    reach = max((look_m(rule, subject) for rule in rules), default=0.0)
    if old.coverage_key != new.coverage_key and not all(side.covers_around(subject.zone, reach) for side in sides):
        return True
    return differ_near(old.id, new.id, subject.zone, reach + MARGIN_M)


def differ_near(one: int, other: int, zone: GEOSGeometry, reach: float) -> bool:
    """Tell whether two editions say anything different within *reach* metres of the box of *zone*."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT layers_differ_near(%s, %s, ST_GeomFromWKB(%s, %s), %s)",
            [one, other, bytes(zone.wkb), zone.srid, reach],
        )
        return bool(cursor.fetchone()[0])
