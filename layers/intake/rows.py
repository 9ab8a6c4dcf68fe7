"""How do a file's features become rows of a layer? Moved to the storage CRS, named by the layer's columns, in step.

Nothing is vetted here: `layers.services.stage_rows` does it with what comes out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from layers.intake.refusals import refusal
from layers.models import Layer
from layers.said import gettext as _
from layers.services.rows import LayerRow, RowBatch, RowBatches

if TYPE_CHECKING:
    from layers.intake.candidates import CrsCandidate
    from layers.intake.read import Intake


def moved(shapes: Any, candidate: CrsCandidate, numbers: Sequence[int]) -> Any:
    """Return shapes in the storage CRS (shapely, 2-D, not rounded); raise COORD_RANGE when one has no place."""
    placed = shapely.transform(shapely.force_2d(shapes), candidate.to_storage)
    coordinates, owner = shapely.get_coordinates(placed, return_index=True)
    bad = np.flatnonzero(~np.isfinite(coordinates).all(axis=1))
    if len(bad):
        raise refusal("COORD_RANGE", where=_("feature %(number)s") % {"number": numbers[int(owner[bad[0]])]})
    return placed


class LayerRows(RowBatches):
    """The features of a file as rows of a layer: name and class from the layer's columns, all else as attributes.

    Column names are compared without regard to case. *left_out*: numbers of features that are not taken; *instead*: by
    number the WKB (storage CRS) to take for a feature's own.
    """

    def __init__(
        self,
        intake: Intake,
        candidate: CrsCandidate,
        layer: Layer,
        *,
        id_field: str = "",
        left_out: Collection[int] = (),
        instead: Mapping[int, bytes] | None = None,
    ) -> None:
        self._intake, self._candidate = intake, candidate
        self._left_out, self._instead = frozenset(left_out), dict(instead or {})
        places = {name.casefold(): index for index, name in enumerate(intake.fields)}
        wanted = (layer.name_field, layer.class_field, id_field)
        self._name, self._class, self._id = (places.get(name.casefold()) if name else None for name in wanted)

    def __iter__(self) -> Iterator[LayerRow]:
        fields = self._intake.fields
        for numbers, blobs, columns in self._columns():
            rows = zip(*columns, strict=True) if columns else iter([()] * len(blobs))
            texts = (self._said(columns, place, len(blobs)) for place in (self._name, self._class))
            for number, blob, row, name, code in zip(numbers, blobs, rows, *texts, strict=True):
                key = str(number) if self._id is None else str(row[self._id] or "")
                yield LayerRow(blob, name, code, dict(zip(fields, row, strict=True)), key)

    def batches(self) -> Iterator[RowBatch]:
        """Yield all rows side by side."""
        for numbers, blobs, columns in self._columns():
            yield RowBatch.of_columns(
                blobs,
                self._intake.fields,
                columns,
                source_ids=list(map(str, numbers)) if self._id is None else self._said(columns, self._id, len(blobs)),
                names=self._said(columns, self._name, len(blobs)),
                class_codes=self._said(columns, self._class, len(blobs)),
            )

    @staticmethod
    def _said(columns: Sequence[Sequence[Any]], place: int | None, count: int) -> list[str]:
        return [""] * count if place is None else [str(value or "") for value in columns[place]]

    def _columns(self) -> Iterator[tuple[Sequence[int], list[bytes], Sequence[Sequence[Any]]]]:
        """Yield (numbers, WKB in the storage CRS, columns) batch by batch, without what is left out."""
        for first, own, columns in self._intake.packed_batches():
            numbers: Sequence[int] = self._intake.numbers[first : first + len(own)]
            blobs = self._placed(own, numbers)
            if not self._left_out.intersection(numbers):
                yield numbers, blobs, columns
                continue
            keep = [index for index, number in enumerate(numbers) if number not in self._left_out]
            kept = [[column[index] for index in keep] for column in columns]
            yield [numbers[index] for index in keep], [blobs[index] for index in keep], kept

    def _placed(self, blobs: list[bytes], numbers: Sequence[int]) -> list[bytes]:
        """Return WKB in the storage CRS, with what was chosen in the place of a feature's own."""
        if not self._candidate.is_storage:
            shapes = moved(shapely.from_wkb(np.array(blobs, dtype=object)), self._candidate, numbers)
            blobs = shapely.to_wkb(shapes, byte_order=1).tolist()
        if not self._instead:
            return blobs
        return [self._instead.get(number, blob) for number, blob in zip(numbers, blobs, strict=True)]
