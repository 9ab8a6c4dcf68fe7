"""What do the demo's survey teams send back? The approved corners as a team would measure them, and a table of them.

Displacements are seeded by the proposal's name: every demo shows the same figures.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.files.base import ContentFile

from layers.crs import zone_label
from planning.proposals.models import Proposal, SurveyReturn
from planning.proposals.services import Measured, send_return
from project.demo.frame import rng

# How far a corner of a careful measurement lies from the approved one, as a rule.
CAREFUL_M = 0.02
HOW = ("GNSS RTK hai tần số (minh hoạ)", "Điểm địa chính cơ sở 651401, 651407 (minh hoạ)", "Tổ trưởng tổ đo (minh hoạ)")


def measure(proposal: Proposal, day: date, *, wrong: dict[int, float]) -> SurveyReturn:
    """Send what the team of the newest order measured on *day*; *wrong*: metres that a corner (1 …) lies too far east.

    Only boundaries of one ring without holes are measured in the demo.
    """
    order = proposal.survey_orders.latest("ordered_at")
    corners = _corners(order.version.geom)
    shift = np.round(rng("measured", proposal.name).normal(0.0, CAREFUL_M, corners.shape), 3)
    for number, metres in wrong.items():
        shift[number - 1] += (metres, 0.0)
    measured = np.round(corners + shift, 3)
    ring = [tuple(at) for at in measured.tolist()]
    area = MultiPolygon(Polygon([*ring, ring[0]]), srid=order.version.geom.srid)
    instrument, base_points, signer = HOW
    return send_return(
        order,
        geom=area,
        file=ContentFile(_table(ring), name="toa-do-do-ve.csv"),
        how=Measured(instrument=instrument, base_points=base_points, measured_on=day, signer=signer),
        reading=zone_label(),
    )


def _corners(geom: MultiPolygon) -> np.ndarray:
    (area,) = geom
    return np.array([at[:2] for at in area[0].coords[:-1]])


def _table(ring: list[tuple[float, float]]) -> bytes:
    """Write the corners as the team's own table: X is the northing, Y the easting, decimal commas."""
    rows = [f"M{number};{north:.3f};{east:.3f}".replace(".", ",") for number, (east, north) in enumerate(ring, start=1)]
    return "\r\n".join([zone_label(), "Điểm;X (m);Y (m)", *rows]).encode("utf-8-sig")
