"""What does an appraiser see of returned measurements? Corners, sides, areas, pieces on the map, what the check says.

It writes nothing; `mapping.desks.review.views_measured` hands the ruling to its verb.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Point
from django.utils.translation import get_language

from layers.crs import storage_srid
from mapping.glass.geojson import feature, feature_collection, to_geojson
from mapping.papers.measured_rings import printed_comparison
from mapping.papers.measured_sheet import PIECE_WORDS, CornerRow, corner_rows, verdict_words
from mapping.severity import severity_code
from planning.checks.types import Finding, Outcome, Words
from planning.people.models import User
from planning.proposals.measured import CornerState
from planning.proposals.models import CheckFinding, Proposal, ReturnState, SurveyReturn
from planning.proposals.queries import MeasuredCheck, ReturnComparison, allowed_verbs, check_of_return
from planning.proposals.workflow import Verb

SHOWN = (
    Outcome.CONFLICT,
    Outcome.NOT_COMPUTABLE,
    Outcome.CONDITION,
    Outcome.ADVICE,
    Outcome.CONTACT,
    Outcome.NOT_CHECKED,
)
MARK = "mark-"
ACTS = (Verb.ACCEPT_RETURN, Verb.RETURN_SURVEY)


@dataclass(frozen=True)
class FindingRow:
    """One row of what the check says about the measured boundary; *new*: it was not said of the approved one."""

    sev: str
    title: str
    feature_name: str
    overlap_m2: float | None
    distance_m: float | None
    new: bool


@dataclass(frozen=True)
class Markable:
    """A corner that can be marked: its field's name, number, whose corner, why, and what was written so far."""

    name: str
    number: int
    of: str
    words: str
    distance_m: float | None
    text: str


def measured_page(
    user: User,
    proposal: Proposal,
    returned: SurveyReturn,
    *,
    problem: Any = None,
    posted: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the context of the page about one return; *posted*: what was written in a form that was refused."""
    comparison = printed_comparison(returned)
    rows = corner_rows(comparison)
    written = posted or {}
    choices = {choice.verb: choice for choice in allowed_verbs(user, proposal) if choice.verb in ACTS}
    waits = returned.state == ReturnState.SENT
    answer = check_of_return(returned)
    return {
        "proposal": proposal,
        "returned": returned,
        "order": returned.order,
        "ruling": getattr(returned, "ruling", None),
        "comparison": comparison,
        "verdict": verdict_words(comparison),
        "rows": rows,
        "pieces": [
            (number, str(PIECE_WORDS[piece.kind]), piece)
            for number, piece in enumerate(comparison.pieces or (), start=1)
        ],
        "waits": waits,
        "check": answer,
        **_findings(answer),
        "accept": choices.get(Verb.ACCEPT_RETURN) if waits else None,
        "send_back": choices.get(Verb.RETURN_SURVEY) if waits else None,
        "markable": list(_markable(comparison, rows, written)),
        "written": written,
        "problem": problem,
        "map_data": _map_data(comparison, rows),
    }


def marks_of(returned: SurveyReturn, posted: Mapping[str, str]) -> list[dict[str, object]]:
    """Return the marks a person wrote: the place of a mark is the corner's own, never one that was posted."""
    comparison = printed_comparison(returned)
    places: dict[str, tuple[str, int, tuple[float, float]]] = {
        f"{MARK}a{match.approved.number}": ("approved", match.approved.number, match.approved.place)
        for match in comparison.corners.matches
    }
    places |= {
        f"{MARK}m{each.measured.number}": ("measured", each.measured.number, each.measured.place)
        for each in comparison.corners.extra
    }
    return [
        {"corner": number, "of": of, "at": list(place), "text": posted[name]}
        for name, (of, number, place) in places.items()
        if posted.get(name, "").strip()
    ]


def _markable(
    comparison: ReturnComparison, rows: Sequence[CornerRow], written: Mapping[str, str]
) -> Iterable[Markable]:
    """Give every corner a field: those that stand against acceptance first."""
    for row in sorted(rows, key=lambda row: not row.bad):
        name = f"{MARK}a{row.number}"
        yield Markable(name, row.number, "approved", row.words, row.distance_m, written.get(name, ""))
    for each in comparison.corners.extra:
        if not each.on_boundary:
            name = f"{MARK}m{each.measured.number}"
            yield Markable(name, each.measured.number, "measured", "", each.off_m, written.get(name, ""))


def _findings(answer: MeasuredCheck) -> dict[str, Any]:
    """Return what the check says against the boundary: what is new, and what was said of the approved one already.

    ``known_counts``: how many of each severity the second list holds, the worst first.
    """
    order = [severity_code(outcome) for outcome in SHOWN]
    found = (_row(finding, answer.before) for finding in answer.findings if finding.outcome in SHOWN)
    rows = sorted(found, key=lambda row: order.index(row.sev))
    known = [row for row in rows if not row.new]
    counts = Counter(row.sev for row in known)
    return {
        "findings_new": [row for row in rows if row.new],
        "findings_known": known,
        "known_counts": [(sev, counts[sev]) for sev in dict.fromkeys(order) if counts[sev]],
    }


def _row(finding: CheckFinding | Finding, known: Collection[tuple[str, str, str]]) -> FindingRow:
    if isinstance(finding, CheckFinding):
        rule, title = finding.rule_code, finding.title
    else:
        rule, title = finding.rule, _words(finding.title)
    return FindingRow(
        severity_code(finding.outcome),
        title,
        finding.feature_name,
        finding.overlap_m2,
        finding.distance_m,
        (rule, finding.source_key, str(finding.outcome)) not in known,
    )


def _words(words: Words) -> str:
    return words.en if (get_language() or "vi").startswith("en") and words.en else words.vi


def _map_data(comparison: ReturnComparison, rows: Sequence[CornerRow]) -> dict[str, Any]:
    returned = comparison.returned
    corners = [
        feature(
            _point(row.y_m, row.x_m),
            {"key": f"a{row.number}", "number": row.number, "state": row.state.value, "d": row.distance_m},
        )
        for row in rows
    ]
    extra = [
        feature(
            _point(*each.measured.place),
            {"key": f"m{each.measured.number}", "number": each.measured.number, "state": "extra", "d": each.off_m},
        )
        for each in comparison.corners.extra
        if not each.on_boundary
    ]
    pieces = [
        feature(
            piece.geom,
            {"number": number, "kind": piece.kind.value, "words": str(PIECE_WORDS[piece.kind]), "sliver": piece.sliver},
        )
        for number, piece in enumerate(comparison.pieces or (), start=1)
    ]
    return {
        "approved": to_geojson(returned.version.geom),
        "measured": to_geojson(returned.geom),
        "corners": feature_collection(corners + extra),
        "pieces": feature_collection(pieces),
        "bad": [CornerState.OUTSIDE.value, CornerState.MISSING.value, "extra"],
    }


def _point(east: float, north: float) -> GEOSGeometry:
    return Point(east, north, srid=storage_srid())
