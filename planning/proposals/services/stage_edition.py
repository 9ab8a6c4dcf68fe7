"""How does a read file become a staged edition on record? The ground stages, the act is written down with the person.

The ground's verbs know no people, so the capability is asked here; nothing is promoted: `confirm_edition` does that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from layers.derived import ANALYZE_FROM
from layers.models import Edition, Layer
from layers.services import RowLike, refresh_statistics, stage_rows
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.people.services import record_event
from planning.proposals.services.confirm_edition import STAGED

if TYPE_CHECKING:
    from layers.intake.candidates import CrsCandidate
    from layers.intake.read import Intake


def stage_file(
    actor: User | None,
    layer: Layer,
    intake: Intake,
    candidate: CrsCandidate,
    rows: Iterable[RowLike],
    *,
    effective_from: date,
    source: str,
    looked_on: date | None = None,
    licence: str = "",
    coverage: Any = None,
    schematic: bool = False,
    note: str = "",
    report: Mapping[str, Any] | None = None,
) -> Edition:
    """Stage *rows* of a read file as an edition and record who did it; *actor* None is the command line.

    *rows* come from `layers.intake.read.to_rows`; *report* is kept with the edition's own figures.

    Raises NotAllowed, and what `layers.services.stage_rows` raises.
    """
    from layers.intake.raster import raster_report  # imports numpy and shapely: not at start-up

    if actor is not None:
        require(actor, Capability.LOAD_EDITION)
    remarks = [{"code": notice.code, "message": notice.message} for notice in intake.notices]
    with transaction.atomic():
        edition = stage_rows(
            layer,
            rows,
            effective_from=effective_from,
            source=source,
            looked_on=looked_on,
            licence=licence,
            coverage=coverage,
            schematic=schematic,
            note=note,
            sha256=intake.sha256,
            extra_report={
                **({"raster": raster_report(intake, candidate)} if intake.raster else {}),
                "file": intake.filename,
                "crs": candidate.label,
                "declared_crs": intake.declared_name,
                "remarks": remarks,
                **(report or {}),
            },
        )
        record_event(
            actor,
            STAGED,
            edition,
            {"layer": layer.code, "number": edition.number, "file": intake.filename, "sha256": intake.sha256},
        )
    if edition.feature_count <= ANALYZE_FROM:  # of more it was done when the parts were built
        refresh_statistics()
    return edition
