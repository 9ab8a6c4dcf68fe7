"""How do the cells of a table file become features? Each area one feature, named by its title, its rows told apart.

Nothing is left out in silence: a row that could not be read refuses the file, because a corner less is another area.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely

from layers.errors import InputRefused
from layers.intake.corners.cells import rows_of_cells
from layers.intake.corners.facts import CornerFacts, facts_of
from layers.intake.corners.place import declared_of
from layers.intake.corners.shapes import polygons_of
from layers.intake.corners.table import CornerTable, read_rows
from layers.said import gettext as _
from layers.said import join

LABEL = "label"
REMARKED = "CORNER_REMARKS"
_ROWS_NAMED = 5


def features_of(facts: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes], CornerFacts]:
    """Turn what the reader child found (``cells``) into facts and shapes as every other format gives them.

    Shapes are (easting, northing) or (longitude, latitude). Raises InputRefused TABLE_* and TOO_MANY_*.
    """
    table = read_rows(rows_of_cells((int(line), cells) for line, cells in facts["cells"]))
    _require_all_rows(table)
    told = facts_of(table)
    found = polygons_of(table)
    rest = {key: value for key, value in facts.items() if key != "cells"}
    rows = rows_to_read(told)
    notices = [{"code": REMARKED, "params": {"rows": rows}}] if rows else []
    return (
        {
            **rest,
            "declared": declared_of(table),
            "notices": [*facts["notices"], *notices],
            "fields": [LABEL],
            "rows": [[table.titles[block]] for block, _polygon in found],
        },
        [shapely.to_wkb(polygon, byte_order=1) for _block, polygon in found],
        told,
    )


def _require_all_rows(table: CornerTable) -> None:
    bad = sorted(table.errors, key=lambda remark: remark.line)
    if bad:
        where = join("; ", [_row(remark.line, remark.text) for remark in bad[:_ROWS_NAMED]])
        raise InputRefused(
            _("The table has rows that cannot be read as corners."),
            code="TABLE_ROWS",
            where=where,
            todo=_("Correct or delete these rows and send the table again."),
            detail={"lines": [remark.line for remark in bad]},
        )
    if not table.blocks:
        raise InputRefused(
            _("No area could be read from the table."), code="TABLE_NO_AREA", todo=_("Check the rows that are marked.")
        )


def _row(line: int, text: str) -> str:
    return _("row %(line)s: %(text)s") % {"line": line, "text": text}


def rows_to_read(told: CornerFacts) -> str:
    """Name the rows whose remark a person should read before taking the table; empty when there is none."""
    worth = {"ROW_TURNED", "CORNERS_TURNED", "NOT_CLOSED", "CORNER_REPEATED", "CORNER_TWICE", "SIDE_DIFFERS",
             "AREA_DIFFERS", "SIDES_CROSS"}  # fmt: skip
    lines = sorted({remark.line for remark in told.remarks if remark.code in worth})
    return ", ".join(str(line) for line in lines[:20]) + (" …" if len(lines) > 20 else "")
