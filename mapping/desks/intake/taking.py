"""How is a read file taken? Once, whole or without the rows left out, under the lock of its row.

What was left out is kept as a file of its own, with the reason of each row.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import shapely
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from layers.errors import Conflict, DatNgheError, InputRefused, TransitionRefused
from layers.said import capitalised, join, say_again
from layers.said import gettext as _
from layers.said import kept as made_of
from mapping.desks.intake import kept
from mapping.desks.intake.facts import as_geojson
from mapping.desks.intake.flow import chosen_of, read_again
from mapping.desks.intake.models import Arrival, ArrivalState
from mapping.desks.intake.purposes.base import Taken
from mapping.desks.intake.purposes.registry import purpose_of
from mapping.papers.xlsx import Column, Table, csv_table

if TYPE_CHECKING:
    from layers.intake.candidates import CrsCandidate
    from layers.intake.read import Intake

logger = logging.getLogger(__name__)


def take(arrival_id: int, told: Mapping[str, str], *, by_worker: bool = False) -> Taken:
    """Make the file what it is for; raises what the verb raises, and then nothing was taken and the file waits again.

    Two at once take it once: the second finds it taken and raises TransitionRefused.
    """
    with transaction.atomic():
        arrival = Arrival.objects.select_for_update(of=("self",)).select_related("person").get(pk=arrival_id)
        expected = ArrivalState.TAKING if by_worker else ArrivalState.READY
        if arrival.state != expected:
            raise TransitionRefused(_("This file is not waiting to be taken."), where=arrival.get_state_display())
        purpose = purpose_of(arrival.purpose)
        purpose.door(arrival.person, arrival.target)
        intake = read_again(arrival)
        candidate = intake.candidate(_settled_key(arrival, intake))
        taken = purpose.take(arrival.person, arrival, intake, chosen_of(arrival, candidate, told))
        rejected = _keep_rejected(arrival, intake, candidate, taken)
        arrival.move(ArrivalState.TAKEN, became=taken.address, rejected=rejected, picture=None, problem={})
        arrival.note("TAKEN", taken.message, arrival.person)
    return taken


def take_in_worker(arrival_id: int, told: Mapping[str, str]) -> None:
    """Take a large file; a refusal is written on the row and the file waits again."""
    try:
        take(arrival_id, told, by_worker=True)
    except DatNgheError as problem:
        _wait_again(arrival_id, problem)
    except Exception:
        logger.exception("taking arrival %s failed", arrival_id)
        ours = InputRefused(
            _("Taking the file failed on our side."),
            code="SERVER_ERROR",
            todo=_("Try again; tell the administrator if it happens twice."),
        )
        _wait_again(arrival_id, ours)
        raise


def _wait_again(arrival_id: int, problem: DatNgheError) -> None:
    arrival = Arrival.objects.get(pk=arrival_id)
    arrival.move(ArrivalState.READY, problem=problem_facts(problem))
    arrival.note(problem.code, join(" ", [problem.message, problem.where]), arrival.person)


def problem_facts(problem: DatNgheError) -> dict[str, Any]:
    """Return a refusal as the page shows it."""
    message, todo = str(problem.message), str(problem.todo)
    if isinstance(problem, Conflict) and problem.code == "DRAFT_STALE":
        message = _("Somebody changed the drawing while you looked at this file.")
        todo = _("Look at the drawing first; taking the file now replaces what it shows.")
    return {
        "code": problem.code,
        "message": message,
        "where": str(problem.where),
        "todo": todo,
        "status": problem.status,
        "offers": [],
    }


def _settled_key(arrival: Arrival, intake: Intake) -> str:
    key = str(arrival.answers.get("crs", ""))
    return key or intake.candidates[0].key


# --- what was left out ------------------------------------------------------------------------------------------------


def _keep_rejected(arrival: Arrival, intake: Intake, candidate: CrsCandidate, taken: Taken) -> str:
    """Store the rows that were not taken as GeoJSON with their reasons; return the place, empty for none."""
    reasons = {line["number"]: line["refused"] for line in arrival.facts["verdicts"]["lines"]}
    reasons |= {line.number: dict(line.refused or {}) for line in taken.refused}
    late = {line.number for line in taken.refused}
    left_out = {int(number) for number in arrival.answers.get("left_out", ())} | late
    if not left_out and not intake.placeless:
        return ""
    content = json.dumps(made_of(rejected_collection(intake, candidate, left_out, reasons)), ensure_ascii=False)
    return default_storage.save(f"{kept.FOLDER}/{secrets.token_hex(16)}", ContentFile(content.encode()))


def rejected_collection(
    intake: Intake, candidate: CrsCandidate, numbers: Iterable[int], reasons: Mapping[int, Any]
) -> dict[str, Any]:
    """Return features as RFC 7946 GeoJSON with their own attributes and row, code and reason of each.

    Rows without a place, which nobody could take, come along; features in the order of the file.
    """
    wanted = set(numbers)
    unplaced = {"code": "FEATURE_SKIPPED", "message": _("It has no place."), "todo": _("Fill in where it lies.")}
    features = [_rejected(intake, number, row, unplaced, None) for number, row in intake.placeless]
    for first, shapes, rows in intake.batches():
        for offset, row in enumerate(rows):
            number = intake.numbers[first + offset]
            if number not in wanted:
                continue
            reason = reasons.get(number) or {"code": "LEFT_OUT", "message": _("left out by you")}
            moved = shapely.transform(shapely.force_2d(shapes[offset]), candidate.to_storage)
            features.append(_rejected(intake, number, row, reason, as_geojson(moved)))
    features.sort(key=lambda one: int(one["properties"]["_row"]))
    return {"type": "FeatureCollection", "features": features}


def _rejected(
    intake: Intake, number: int, row: Sequence[Any], reason: Mapping[str, Any], geometry: Mapping[str, Any] | None
) -> dict[str, Any]:
    told = {"_row": number, "_code": reason["code"], "_reason": _sentence(reason)}
    properties = {**dict(zip(intake.fields, row, strict=True)), **told}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def rejected_csv(collection: Mapping[str, Any]) -> bytes:
    """Return rejected rows as a table that a spreadsheet opens without running anything."""
    features = collection["features"]
    own = list(dict.fromkeys(name for one in features for name in one["properties"] if not name.startswith("_")))
    rows = [
        tuple(
            [one["properties"]["_row"], one["properties"]["_code"], one["properties"]["_reason"]]
            + [_cell(one["properties"].get(name)) for name in own]
        )
        for one in features
    ]
    columns = (Column(_("Row")), Column(_("Code")), Column(_("Reason")), *(Column(name) for name in own))
    return csv_table(Table(name=_("Rejected rows"), columns=columns, rows=rows))


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def rejected_again(content: bytes) -> dict[str, Any]:
    """Return kept rejected rows with their reasons in the active language."""
    collection: dict[str, Any] = json.loads(content)
    for one in collection["features"]:
        one["properties"]["_reason"] = say_again(one["properties"]["_reason"])
    return collection


def _sentence(reason: Mapping[str, Any]) -> str:
    pieces = [capitalised(reason[key]) for key in ("message", "where", "todo") if reason.get(key)]
    ends = (".", "!", "?", "…")
    return join(" ", [piece if piece.endswith(ends) else join("", [piece, "."]) for piece in pieces])
