"""How do a batch's columns travel from the reader child, and wait? As bytes, taken apart when somebody asks.

A large file's attributes pass through this process three times; taking them apart once is enough. It knows no geometry.
"""

from __future__ import annotations

from typing import Any

from layers.intake import wire
from layers.intake.refusals import refusal


class Columns:
    """The attributes of one batch of *count* features: one list of plain values per field."""

    def __init__(self, data: bytes, count: int) -> None:
        self.data, self.count = data, count

    @classmethod
    def of(cls, values: list[list[Any]], count: int) -> Columns:
        """Pack columns."""
        return cls(wire.pack(values), count)

    def values(self) -> list[list[Any]]:
        """Return the columns; raise FILE_UNREADABLE when a child said something else than columns of this length."""
        try:
            found = wire.unpack(self.data)
            if all(len(column) == self.count for column in found):
                return found
        except (ValueError, TypeError, RecursionError) as error:
            raise refusal("FILE_UNREADABLE", detail={"reason": str(error)[:200]}) from error
        raise refusal("FILE_UNREADABLE", detail={"reason": "columns of different length"})

    def rows(self) -> list[list[Any]]:
        """Return the features' rows; a file without columns has empty ones."""
        columns = self.values()
        return [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _index in range(self.count)]

    def taken(self, indexes: list[int]) -> Columns:
        """Return the columns of some of the features."""
        return Columns.of([[column[index] for index in indexes] for column in self.values()], len(indexes))
