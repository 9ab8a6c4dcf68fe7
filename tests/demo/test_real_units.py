"""Does the demo also stand on real commune boundaries? The reference file in place of the generated ones."""

from __future__ import annotations

import pytest

from layers.crs import as_multi
from layers.models import AdminUnit, Edition, EditionStatus
from layers.queries import share_within
from planning.proposals.models import Proposal
from project.demo.figures_reader import parse_path, read_figures, read_rows
from project.demo.ground import to_geos
from project.demo.shapes import straight_ring
from tests.demo.conftest import DATA

UNITS = DATA / "communes_2025.geojson"
pytestmark = pytest.mark.django_db


def test_real_boundaries_replace_the_generated_ones(demo: list[str]) -> None:
    communes = AdminUnit.objects.of_level("commune")
    assert communes.count() == 102
    assert not communes.filter(schematic=True).exists()
    assert "communes_2025.geojson" in communes[0].source
    printed = {row["code"]: float(row["area_km2"]) for row in read_rows("communes")}
    errors = sorted(abs(unit.geom.area / 1e6 / printed[unit.code] - 1) for unit in communes)
    assert errors[51] < 0.02
    outline = Edition.objects.get(layer__code="province_outline", status=EditionStatus.CURRENT)
    assert not outline.schematic


def test_the_stories_still_lie_in_their_communes(demo: list[str]) -> None:
    ea_kar = AdminUnit.objects.get(code="24373", level_id="commune")
    for key, site in read_figures("story").items():
        zone = as_multi(to_geos(straight_ring(parse_path(site["ring"]))))
        assert share_within(zone, ea_kar) > 0.999, key
    for proposal in Proposal.objects.exclude(current_version=None).select_related("unit", "current_version"):
        assert proposal.current_version is not None
        assert share_within(proposal.current_version.geom, proposal.unit) > 0.999, proposal.code
