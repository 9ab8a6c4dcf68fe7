"""How do rival plans look side by side? Synchronised maps over one table, best and worst marked; nobody is scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from layers.errors import InputRefused, NotAllowed
from mapping.desks.review.door import signed_in
from mapping.glass.geojson import feature, feature_collection, to_geojson
from mapping.papers.stored_report import finding_pieces
from mapping.verdict_words import VerdictShown, verdict_shown
from planning.people.capabilities import Capability
from planning.people.queries import can
from planning.proposals.comparison import MOST, Column
from planning.proposals.queries import comparison_of, proposal_for, shown_version


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Compare two to four proposals, named ``?ho-so=CODE&ho-so=CODE`` (``a`` to ``d`` also work)."""
    user = signed_in(request)
    codes = list(dict.fromkeys([*request.GET.getlist("ho-so"), *(request.GET.get(key, "") for key in "abcd")]))
    codes = [code for code in codes if code]
    proposals = [proposal_for(user, code) for code in codes[: MOST + 1]]
    if not 2 <= len(proposals) <= MOST:
        raise InputRefused(
            _("Choose two to four proposals to compare."),
            code="COMPARE_COUNT",
            todo=_("Tick them in the queue and press Compare."),
        )
    for proposal in proposals:
        if not (can(user, Capability.COMPARE, proposal.unit) or can(user, Capability.DRAW_PROPOSAL, proposal.unit)):
            raise NotAllowed(_("Comparing plans belongs to the department."), where=proposal.code)
    plans = [(proposal, version) for proposal in proposals if (version := shown_version(user, proposal)) is not None]
    if len(plans) < 2:
        raise InputRefused(
            _("At least two of them need a kept boundary version."),
            code="COMPARE_VERSION",
            todo=_("Keep a version of each plan first."),
        )
    comparison = comparison_of(plans)
    context = {
        "comparison": comparison,
        "columns": comparison.columns,
        "faces": _faces(comparison.columns),
        "groups": [(title, list(rows)) for title, rows in groupby(comparison.rows, key=lambda row: row.group)],
        "map_data": [_column_data(column) for column in comparison.columns],
        "codes": [column.proposal.code for column in comparison.columns],
    }
    return render(request, "review/compare.html", context)


@dataclass(frozen=True)
class Face:
    """One plan as the page names it: by its *letter*, or its place where two have the same; *shown*: its verdict."""

    column: Column
    letter: str
    shown: VerdictShown | None


def _faces(columns: Sequence[Column]) -> list[Face]:
    letters = [column.proposal.alternative for column in columns]
    if len(set(letters)) < len(letters):  # plans of different needs are each one's first
        letters = [str(place) for place in range(1, len(columns) + 1)]
    return [
        Face(column, letter, verdict_shown(column.verdicts) if column.verdicts is not None else None)
        for column, letter in zip(columns, letters, strict=True)
    ]


def _column_data(column: Column) -> dict[str, object]:
    return {
        "code": column.proposal.code,
        "name": column.proposal.name,
        "boundary": to_geojson(column.version.geom),
        "parts": feature_collection(
            [
                feature(part.geom, {"use": part.use, "label": str(part.get_use_display())})
                for part in column.version.parts.order_by("number")
            ]
        ),
        "pieces": finding_pieces(column.run) if column.run is not None else feature_collection([]),
    }
