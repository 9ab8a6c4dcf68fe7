"""How do the rows nobody took go home? As GeoJSON and as a table, each with row, code and reason.

It decides about no row: what was refused and why comes from the verdicts, what was left out from the person.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import shapely
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from layers.said import capitalised, join, say_again
from layers.said import gettext as _
from layers.said import kept as made_of
from mapping.desks.intake import kept
from mapping.desks.intake.facts import as_geojson
from mapping.papers.xlsx import Column, Table, csv_table

if TYPE_CHECKING:
    from layers.intake.candidates import CrsCandidate
    from layers.intake.read import Intake


def keep_rejected(intake: Intake, candidate: CrsCandidate, numbers: Iterable[int], reasons: Mapping[int, Any]) -> str:
    """Store the rows that are not taken as GeoJSON with their reasons; return the place, empty for none."""
    wanted = set(numbers)
    if not wanted and not intake.placeless:
        return ""
    content = json.dumps(made_of(rejected_collection(intake, candidate, wanted, reasons)), ensure_ascii=False)
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
