"""How much do the blocks of this drawing unfold to? Counted before anything is unfolded, each block once.

A drawing of ten blocks that hold ten of each other is a few kilobytes and ten thousand million lines.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from layers.geomchild.refusal import Refusal
from layers.intake import limits
from layers.intake.cad.dxf_entities import kind_of

Key = tuple[str, str]  # layer, kind
BYLAYER = "0"  # what lies on layer 0 inside a block takes the layer of the reference


class Blocks:
    """Count the content of blocks; levels and cycles are judged on the way."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._counts: dict[str, tuple[Counter[Key], int]] = {}
        self._open: set[str] = set()

    def of(self, insert: Any, level: int = 1) -> Counter[Key]:
        """Return what a reference unfolds to by layer and kind, all repetitions counted.

        Raises Refusal DXF_TOO_COMPLEX beyond 8 levels and for a block that holds itself.
        """
        counts, height = self._block(str(insert.dxf.name), level)
        if level + height - 1 > limits.CAD_LEVELS:
            raise Refusal("DXF_TOO_COMPLEX.levels", params={"limit": limits.CAD_LEVELS})
        times = repeats(insert)
        own = insert.dxf.layer
        found: Counter[Key] = Counter()
        for (layer, kind), count in counts.items():
            found[own if layer == BYLAYER else layer, kind] += count * times
        return found

    def _block(self, name: str, level: int) -> tuple[Counter[Key], int]:
        """Return what one block holds, and how many levels it reaches down (1 for one without references)."""
        key = name.lower()
        if key in self._counts:
            return self._counts[key]
        if key in self._open:
            raise Refusal("DXF_TOO_COMPLEX.cycle", params={"name": name[:60]})
        if level > limits.CAD_LEVELS:
            raise Refusal("DXF_TOO_COMPLEX.levels", params={"limit": limits.CAD_LEVELS})
        self._open.add(key)
        counts: Counter[Key] = Counter()
        height = 1
        for entity in content(self._document, name):
            kind = kind_of(entity)
            if kind == "insert":
                counts += self.of(entity, level + 1)
                height = max(height, 1 + self._counts.get(str(entity.dxf.name).lower(), (counts, 0))[1])
            else:
                counts[entity.dxf.layer, kind] += 1
        self._open.discard(key)
        self._counts[key] = (counts, height)
        return self._counts[key]


def content(document: Any, name: str) -> list[Any]:
    """Return the entities of a block; nothing for a block that is missing or lies in another file."""
    block = document.blocks.get(name)
    if block is None or block.block is None or block.block.is_xref or block.block.is_xref_overlay:
        return []
    return list(block)


def repeats(insert: Any) -> int:
    """Return how many times a reference repeats its block in rows and columns."""
    return max(1, abs(int(insert.dxf.row_count))) * max(1, abs(int(insert.dxf.column_count)))
