"""Which texts of a drawing lie inside which area, and which of them is most likely its name?

Nothing is named here: the texts are offered, and a person takes or leaves them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

LABELS_PER_AREA = 20
LABEL_LENGTH = 200


@dataclass(frozen=True)
class Label:
    """One text of a drawing: where it begins (metres as the drawing counts them), how tall it is written."""

    text: str
    at: tuple[float, float]
    height: float
    layer: str


def labels_inside(shapes: Sequence[shapely.Polygon], labels: Sequence[Label]) -> list[tuple[str, ...]]:
    """Return for each area the texts inside it, the likeliest name first; a text in a hole belongs to none.

    Names have letters and are written tallest; numbers alone (corners, lengths) come after them.
    """
    inside: list[list[Label]] = [[] for _shape in shapes]
    if shapes and labels:
        spots = shapely.points(np.array([label.at for label in labels]))
        which, owners = shapely.STRtree(list(shapes)).query(spots, predicate="within")
        for label_index, shape_index in zip(which.tolist(), owners.tolist(), strict=True):
            inside[shape_index].append(labels[label_index])
    return [_in_order(found) for found in inside]


def _in_order(found: Sequence[Label]) -> tuple[str, ...]:
    ranked = sorted(found, key=_rank)
    return tuple(dict.fromkeys(label.text[:LABEL_LENGTH] for label in ranked))[:LABELS_PER_AREA]


def _rank(label: Label) -> tuple[bool, float, float, float, str]:
    without_letters = not any(map(str.isalpha, label.text))
    return (without_letters, -label.height, -label.at[1], label.at[0], label.text)
