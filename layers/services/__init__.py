"""Which verbs does the ground have? Stage an edition, promote it, drop and rebuild what is derived from it.

Who may do so is not known here: desks ask `planning.people` first and write the event.
"""

from layers.derived import refresh_statistics
from layers.services.derive import drop_old_derived, ensure_derived, rebuild_derived
from layers.services.promote import discard_staged, promote_edition
from layers.services.rows import LayerRow, RowLike
from layers.services.stage import stage_rows

__all__ = [
    "LayerRow",
    "RowLike",
    "discard_staged",
    "drop_old_derived",
    "ensure_derived",
    "promote_edition",
    "rebuild_derived",
    "refresh_statistics",
    "stage_rows",
]
