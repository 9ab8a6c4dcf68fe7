"""Which rows do the GIS files of a package carry? Boundary, parts and corners of a placed version, column by column."""

from __future__ import annotations

from dataclasses import replace

from django.contrib.gis.geos import Point

from mapping.papers.survey.facts import Facts
from mapping.papers.survey.placed import Placed
from mapping.papers.survey_fields import BOUNDARY, CORNERS, PARTS
from mapping.papers.survey_files import Rows

HECTARE_M2 = 10_000


def gis_rows(place: Placed, facts: Facts) -> list[Rows]:
    """Return the rows of the three layers; layers without rows are left out."""
    rows = (_boundary(place, facts), _parts(place), _corners(place))
    return [replace(each, columns=[*each.columns, *_standing(facts, each)]) for each in rows if each.geometries]


def _standing(facts: Facts, rows: Rows) -> list[list[str]]:
    """Return the columns of `STANDING`, the same in every row."""
    return [[value] * len(rows.geometries) for value in (facts.standing_code, facts.standing_day.isoformat())]


def _boundary(place: Placed, facts: Facts) -> Rows:
    version, decision = facts.version, facts.decision
    values = [
        facts.proposal.code,
        facts.proposal.name,
        version.number,
        decision.number if decision else "",
        decision.decided_on.isoformat() if decision else "",
        round(version.area_m2 / HECTARE_M2, 4),
        facts.corners,
        version.geom_hash[:16],
    ]
    return Rows(BOUNDARY, [place.geom], [[value] for value in values], place.srid)


def _parts(place: Placed) -> Rows:
    return Rows(
        PARTS,
        [part.geom for part in place.parts],
        [
            [part.number for part in place.parts],
            [part.use for part in place.parts],
            [part.label for part in place.parts],
            [round(part.area_m2 / HECTARE_M2, 4) for part in place.parts],
        ],
        place.srid,
    )


def _corners(place: Placed) -> Rows:
    corners = place.corners
    return Rows(
        CORNERS,
        [Point(corner.y_m, corner.x_m, srid=place.srid) for _block, corner in corners],
        [
            [corner.number for _block, corner in corners],
            [block.title for block, _corner in corners],
            [corner.x_m for _block, corner in corners],
            [corner.y_m for _block, corner in corners],
            [round(corner.side_m or 0.0, 3) for _block, corner in corners],
        ],
        place.srid,
    )
