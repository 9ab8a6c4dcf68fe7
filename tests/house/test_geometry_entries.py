"""Does any geometry reach GEOS in the database unvetted? Each column is listed with what makes it fit for computing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.gis.db.models import GeometryField
from django.db.models import CheckConstraint

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("layers", "planning", "mapping", "project")
# What makes the column fit: a CHECK of the database behind the vetting child; made by the house out of such columns; a
# point; or never computed with.
CHECKED, MADE, POINT, UNVETTED = "checked", "made", "point", "unvetted"
COLUMNS = {
    "layers.AdminUnit.geom": CHECKED,
    "layers.Edition.coverage": MADE,  # required to be valid when an edition is staged
    "layers.EditionLine.at": POINT,
    "layers.Feature.geom": CHECKED,
    "layers.FeaturePart.geom": MADE,
    "mapping.TileFeature.geom": MADE,
    "proposals.CandidateSite.geom": MADE,
    "proposals.CheckFinding.nearest_line": MADE,
    "proposals.CheckFinding.piece": MADE,
    "proposals.Comment.place": POINT,
    "proposals.Dispute.place": POINT,
    "proposals.Draft.cuts": UNVETTED,
    "proposals.Draft.geom": UNVETTED,  # may cross itself while it is drawn
    "proposals.SurveyReturn.geom": CHECKED,
    "proposals.ZonePart.geom": MADE,
    "proposals.ZoneVersion.cuts": MADE,  # lines the parts were cut with, in the child
    "proposals.ZoneVersion.geom": CHECKED,
    "registers.ClusterBoundary.geom": CHECKED,
    "registers.CraftVillage.location": POINT,
    "registers.FundedProject.location": POINT,
    "registers.IndustrialCluster.location": POINT,
    "registers.PlanListEntry.indicative_place": POINT,
}


def _columns() -> dict[str, GeometryField]:
    return {
        f"{model._meta.label}.{field.name}": field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, GeometryField)
    }


def test_every_geometry_column_is_listed() -> None:
    """Ask whoever adds a column what makes its content fit to compute with."""
    assert set(_columns()) == set(COLUMNS)


@pytest.mark.parametrize("name", sorted(name for name, how in COLUMNS.items() if how == CHECKED))
def test_checked_columns_are_closed_to_invalid_geometry(name: str) -> None:
    label, _dot, field = name.rpartition(".")
    constraints = apps.get_model(label)._meta.constraints
    said = [str(one.condition) for one in constraints if isinstance(one, CheckConstraint)]
    assert any(f"{field}__isvalid" in condition for condition in said)


def test_points_are_points() -> None:
    columns = _columns()
    assert all(columns[name].geom_type == "POINT" for name, how in COLUMNS.items() if how == POINT)


def test_no_query_computes_with_what_is_unvetted() -> None:
    """Search SQL and code: drafts are read whole, never measured, compared or overlaid in the database."""
    table = re.compile(r"\bproposals_draft\b")
    lookup = re.compile(r"\b(?:draft__)?(?:geom|cuts)__(?!isnull\b)\w+")
    for floor in FLOORS:
        for path in (ROOT / floor).rglob("*.sql"):
            assert not table.search(path.read_text(encoding="utf-8")), path
        for path in (ROOT / floor).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            text = path.read_text(encoding="utf-8")
            found = [hit for hit in lookup.findall(text) if hit.startswith("draft__")]
            assert not found, path
            if "Draft.objects" in text:
                assert not lookup.search(text), path
