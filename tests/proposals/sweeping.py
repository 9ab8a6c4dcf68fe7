"""How do tests stage an edition of the forest and sweep it? By the ground's verb; the batch runs in this process."""

from __future__ import annotations

from datetime import date

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.utils import timezone

from layers.batches.run import run_batch
from layers.models import Batch, Edition, Layer
from layers.services import LayerRow, stage_rows
from planning.people.models import User
from planning.people.services import record_event
from planning.proposals import services
from planning.proposals.models import Draft, Proposal
from planning.proposals.services.confirm_edition import STAGED, confirm_edition
from planning.proposals.sweep import start_sweep
from tests.cast import multi, rectangle
from tests.proposals.plans import Plans

EVERYWHERE = multi(rectangle(-5_000, -5_000, 60_000, 30_000))


def stage_forest(
    *areas: GEOSGeometry, by: User | None = None, code: str = "forest_special", coverage: MultiPolygon = EVERYWHERE
) -> Edition:
    """Stage an edition of the forest layer; *by* goes on record as who loaded it."""
    edition = stage_rows(
        Layer.objects.get(code=code),
        [LayerRow(area, f"Rừng {number}", source_id=f"r{number}") for number, area in enumerate(areas)],
        effective_from=date(2026, 1, 1),
        source="tests",
        coverage=coverage,
    )
    if by is not None:
        record_event(by, STAGED, edition, {"layer": code, "number": edition.number})
    return edition


def swept(edition: Edition) -> Batch:
    """Sweep an edition to the end."""
    return run_batch(start_sweep(edition, timezone.localdate()).pk)


def confirm(actor: User, edition: Edition, batch: Batch | None) -> Edition:
    """Confirm what the sweep said when it was last looked at."""
    return confirm_edition(
        actor, edition, sweep_id=batch.pk if batch else None, seal=batch.params.get("seal", "") if batch else ""
    )


def redraw(plans: Plans, proposal: Proposal, drawn: MultiPolygon) -> None:
    """Draw another boundary and keep it as the next version."""
    draft = Draft.objects.get(proposal=proposal)
    services.save_draft(plans.cast.planner, proposal, row_version=draft.row_version, geom=drawn)
    services.keep_version(plans.cast.planner, proposal)
