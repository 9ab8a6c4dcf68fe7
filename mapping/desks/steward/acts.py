"""What do people do with editions? Stage a file, discard an edition; each on record in its transaction.

The ground's verbs know no people; here the person is asked for the capability and the act is written down. Confirming
is a verb of the procedure, which knows the sweep: `planning.proposals.services.confirm_edition`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from layers.intake import LAYER
from layers.models import Edition, Layer
from layers.services import discard_staged, refresh_statistics, stage_rows
from planning.people.capabilities import Capability
from planning.people.models import Event, User
from planning.people.queries import require
from planning.people.services import record_event, subject_of
from planning.proposals.services.confirm_edition import STAGED

if TYPE_CHECKING:
    from layers.intake.candidates import CrsCandidate
    from layers.intake.read import Intake

DISCARDED = "edition_discarded"
LIMITS = LAYER


def stage_file(
    actor: User | None,
    layer: Layer,
    intake: Intake,
    candidate: CrsCandidate,
    *,
    effective_from: date,
    source: str,
    looked_on: date | None = None,
    licence: str = "",
    coverage: Any = None,
    schematic: bool = False,
    note: str = "",
    id_field: str = "",
) -> Edition:
    """Stage a read file as an edition and record who did it; *actor* None is the command line.

    Raises NotAllowed, and what `layers.services.stage_rows` raises.
    """
    from layers.intake.raster import raster_report  # imports numpy and shapely: not at start-up
    from layers.intake.read import to_rows

    if actor is not None:
        require(actor, Capability.LOAD_EDITION)
    remarks = [{"code": notice.code, "message": notice.message} for notice in intake.notices]
    with transaction.atomic():
        edition = stage_rows(
            layer,
            to_rows(intake, candidate, layer, id_field=id_field),
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
            },
        )
        record_event(
            actor,
            STAGED,
            edition,
            {"layer": layer.code, "number": edition.number, "file": intake.filename, "sha256": intake.sha256},
        )
    refresh_statistics()
    return edition


def discard(actor: User, edition: Edition) -> None:
    """Discard a staged edition; raises NotAllowed, and TransitionRefused when it was promoted."""
    require(actor, Capability.LOAD_EDITION)
    with transaction.atomic():
        subject = subject_of(edition)
        data = {"layer": edition.layer.code, "number": edition.number}
        discard_staged(edition)
        record_event(actor, DISCARDED, subject, data)


def history(edition: Edition) -> list[Event]:
    """Return the acts on an edition, oldest first."""
    kind, key = subject_of(edition)
    return list(Event.objects.filter(subject_type=kind, subject_id=key).order_by("at", "id"))
