"""What do the minutes of staking say of each marker? Decided beside measured, and with what it was measured.

Of a boundary that was decided the measured half is blank, for the field; of one that was measured both halves are
known. Numbers are those of the version the package is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mapping import formats
from mapping.papers.cells import plain
from mapping.papers.corner_table import Corner
from mapping.papers.measured_rings import printed_comparison
from mapping.papers.survey.placed import Placed, placed
from planning.proposals.models import SurveyRuling, VersionKind, ZoneVersion

BY_HAND = "................................................................................"
NO_CORNER = "–"


@dataclass(frozen=True)
class Staked:
    """The decided corner behind each corner of a measured version, those nobody measured, and how it was measured."""

    measured: bool = False
    decided: Mapping[int, Corner] = field(default_factory=dict)
    missing: tuple[Corner, ...] = ()
    instrument: str = BY_HAND
    error: str = BY_HAND[:20]


def staked(version: ZoneVersion, srid: int) -> Staked:
    """Return what is known of the staking of *version*; coordinates in the zone *srid*."""
    ruling = SurveyRuling.objects.select_related("survey_return__order", "survey_return__version__proposal").filter(
        version=version
    )
    found = ruling.first() if version.kind == VersionKind.MEASURED else None
    if found is None:
        return Staked()
    returned = found.survey_return
    approved = {corner.number: corner for _block, corner in placed(returned.version, srid).corners}
    matches = printed_comparison(returned).corners.matches
    decided = {each.measured.number: approved[each.approved.number] for each in matches if each.measured is not None}
    missing = tuple(approved[each.approved.number] for each in matches if each.measured is None)
    return Staked(True, decided, missing, _instrument(found), _error(found))


def staking_rows(place: Placed, found: Staked) -> list[dict[str, str]]:
    """Return the rows of the minutes: every corner once, then decided corners that nobody measured."""
    rows = [
        {
            "block": block.title,
            "number": str(corner.number),
            **_coordinates("decided", found.decided.get(corner.number) if found.measured else corner),
            **(_coordinates("measured", corner) if found.measured else {"measured_x": "", "measured_y": ""}),
        }
        for block, corner in place.corners
    ]
    return rows + [
        {
            "block": "Theo quyết định",
            "number": f"({corner.number})",
            **_coordinates("decided", corner),
            **_coordinates("measured", None),
        }
        for corner in found.missing
    ]


def _coordinates(name: str, corner: Corner | None) -> dict[str, str]:
    if corner is None:
        return {f"{name}_x": NO_CORNER, f"{name}_y": NO_CORNER}
    return {f"{name}_x": formats.number(corner.x_m, 3), f"{name}_y": formats.number(corner.y_m, 3)}


def _instrument(ruling: SurveyRuling) -> str:
    returned = ruling.survey_return
    day = formats.date(returned.measured_on)
    return (
        f"{plain(returned.instrument)}; {plain(returned.base_points)}; đo ngày {day}, người ký {plain(returned.signer)}"
    )


def _error(ruling: SurveyRuling) -> str:
    largest, tolerance = ruling.summary.get("largest_m"), ruling.summary.get("tolerance_m")
    scale = ruling.survey_return.order.get_scale_display()
    limit = "chưa có số liệu" if tolerance is None else f"{formats.number(tolerance, 2)} m"
    worst = (
        "không điểm mốc nào trùng điểm được duyệt" if largest is None else f"lớn nhất {formats.number(largest, 3)} m"
    )
    return f"{worst}; cho phép {limit} (bản đồ {scale})"
