"""How are searches and cells put into words? Rows for templates; figures with their units, reasons with their points.

It decides nothing: scores come from `planning.checks.screening.weigh`, classes from the screening.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from mapping import formats
from mapping.glass.geojson import feature, feature_collection
from mapping.severity import severity_code, verdict_severity
from planning.checks.models import Rule
from planning.checks.screening.classes import CLASSES, shares_of
from planning.checks.screening.weigh import Weighed
from planning.checks.types import Verdict
from planning.proposals.models import Screening, ScreeningCell, SiteSearch
from planning.proposals.sites.ranking import Ranked

_WISHED = {
    "unit": gettext_lazy("land of the chosen communes"),
    "road": gettext_lazy("too far from the roads wished for"),
    "power": gettext_lazy("too far from a power line"),
    "cluster": gettext_lazy("too far from an existing cluster"),
    "slope": gettext_lazy("steeper than wished for"),
    "unchecked": gettext_lazy("outside the coverage of a layer"),
}
_DROPPED = {
    "area": gettext_lazy("grown sites smaller or larger than wished for"),
    "compact": gettext_lazy("grown sites that are not compact enough"),
    "shape": gettext_lazy("grown sites whose boundary could not be drawn"),
    "check": gettext_lazy("grown sites in which the exact check found something prohibited"),
    "conditions": gettext_lazy("grown sites in which the exact check found a condition"),
    "road_m": gettext_lazy("grown sites too far from a road when measured exactly"),
    "power_m": gettext_lazy("grown sites too far from a power line when measured exactly"),
    "cluster_m": gettext_lazy("grown sites too far from a cluster when measured exactly"),
}


def said(row: Mapping[str, Any], name: str) -> str:
    """Return the text *name* of a kept row in the active language."""
    english = (get_language() or "vi").startswith("en")
    return str(row.get(f"{name}_en") if english and row.get(f"{name}_en") else row.get(f"{name}_vi", ""))


def _conditions(measures: Mapping[str, Any]) -> str:
    count = int(measures.get("conditions", 0))
    text = ngettext("%(n)d condition", "%(n)d conditions", count) % {"n": count}
    return f"{text} ({formats.percent(measures.get('condition_share', 0))})" if count else text


def _metres(name: str) -> Callable[[Mapping[str, Any]], str]:
    def text(measures: Mapping[str, Any]) -> str:
        value = measures.get(name)
        return _("none within 30 km") if value is None else formats.metres(value)

    return text


def _share(name: str) -> Callable[[Mapping[str, Any]], str]:
    def text(measures: Mapping[str, Any]) -> str:
        value = measures.get(name)
        return _("not known") if value is None else formats.percent(value)

    return text


def _unchecked(measures: Mapping[str, Any]) -> str:
    count = int(measures.get("unchecked", 0))
    return ngettext("%(n)d question not checked", "%(n)d questions not checked", count) % {"n": count}


_FIGURES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "conditions": _conditions,
    "unchecked": _unchecked,
    "road": _metres("road_m"),
    "power": _metres("power_m"),
    "housing": _metres("housing_m"),
    "cluster": _metres("cluster_m"),
    "slope": _share("steep_share"),
    "rice": _share("rice_share"),
    "compact": lambda measures: formats.number(measures.get("compactness"), 2),
    "area": lambda measures: formats.hectares(measures.get("area_ha")),
}


@dataclass(frozen=True)
class Reason:
    """Say why a site has some of its points: criterion, figure, points, and the most there were to have."""

    title: str
    figure: str
    points: float
    most: float


@dataclass(frozen=True)
class Card:
    """Hold one candidate as the list shows it."""

    ranked: Ranked
    severity: str
    verdict: str
    reasons: tuple[Reason, ...]
    findings: tuple[dict[str, str], ...]

    @property
    def why(self) -> str:
        """Return the criterion that cost most points, and of the others the three that gave most, as one sentence."""
        lost = max(self.reasons, key=lambda reason: reason.most - reason.points)
        costly = lost.most - lost.points >= 1
        gave = [reason for reason in self.reasons if reason.points > 0 and not (costly and reason == lost)]
        best = "; ".join(f"{reason.title} ({reason.figure})" for reason in gave[:3])
        if not costly:
            return best
        return _("%(best)s. Most points lost: %(title)s (%(figure)s).") % {
            "best": best,
            "title": lost.title,
            "figure": lost.figure,
        }


def card(ranked: Ranked) -> Card:
    """Return the card of one ranked candidate."""
    verdict = Verdict(ranked.site.verdict)
    total = sum(part.weight for part in ranked.parts)
    return Card(
        ranked,
        verdict_severity(verdict.value),
        str(verdict.label),
        tuple(_reason(part, ranked.site.measures, total) for part in ranked.parts if part.weight),
        tuple(
            {"outcome": severity_code(str(row["outcome"])), "title": said(row, "title"), "text": said(row, "text")}
            for row in ranked.site.findings
        ),
    )


def _reason(part: Weighed, measures: Mapping[str, Any], total: float) -> Reason:
    return Reason(
        str(part.criterion.title),
        _FIGURES[part.criterion.code](measures),
        round(part.points, 1),
        round(100 * part.weight / total, 1) if total else 0.0,
    )


def site_features(cards: list[Card]) -> dict[str, Any]:
    """Return the candidates as GeoJSON for the map, with place and severity."""
    return feature_collection(
        [
            feature(
                card.ranked.site.geom,
                {
                    "place": card.ranked.place,
                    "number": card.ranked.site.number,
                    "sev": card.severity,
                    "label": f"{card.ranked.place}. {card.ranked.site.unit.full_name}",
                },
            )
            for card in cards
        ]
    )


def funnel_rows(search: SiteSearch, funnel: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what became of the hectares, in words: title, hectares lost and left, or the number of sites dropped."""
    rules = {
        code: {"title_vi": vi, "title_en": en}
        for code, vi, en in Rule.objects.filter(rule_set_id=search.asked["rule_set"]).values_list(
            "code", "title_vi", "title_en"
        )
    }
    return [{**row, "title": _funnel_title(str(row["code"]), rules)} for row in funnel if _counts(row)]


def _counts(row: Mapping[str, Any]) -> bool:
    return row["code"] == "unit" or bool(row.get("lost_ha") or row.get("sites"))


def _funnel_title(code: str, rules: Mapping[str, Mapping[str, str]]) -> str:
    if code in _WISHED:
        return str(_WISHED[code])
    if code.startswith("dropped:"):
        return str(_DROPPED.get(code.removeprefix("dropped:"), code))
    if code.startswith("no_data:"):
        rule = rules.get(code.removeprefix("no_data:"), {})
        return _("no data for: %(title)s") % {"title": said(rule, "title")}
    return said(rules[code], "title") if code in rules else code


def cell_rows(screening: Screening, cell: ScreeningCell, *, restricted: bool) -> dict[str, Any]:
    """Return what a cell says in words; rules over restricted layers are named only to whom they may be."""
    rows: list[dict[str, Any]] = []
    hidden = 0
    for number, share, unchecked in shares_of(bytes(cell.shares)):
        rule = screening.rules[number]
        if rule["restricted"] and not restricted:
            hidden += 1
            continue
        code = "not_checked" if unchecked else severity_code(str(rule["severity"]))
        rows.append({"code": code, "title": said(rule, "title"), "share": share})
    order = {"prohibited": 0, "condition": 1, "not_checked": 2, "advice": 3}
    rows.sort(key=lambda row: (order.get(row["code"], 4), -row["share"], row["title"]))
    verdict = CLASSES[cell.code]
    return {"verdict": verdict.label, "severity": verdict_severity(verdict.value), "rows": rows, "hidden": hidden}


def class_rows(screening: Screening) -> list[dict[str, Any]]:
    """Return the classes with their cells and hectares, worst first, for the legend."""
    whole = sum(screening.counts.values()) or 1
    return [
        {
            "code": verdict_severity(verdict.value),
            "label": verdict.label,
            "cells": screening.counts.get(verdict.value, 0),
            "ha": screening.counts.get(verdict.value, 0) * screening.cell_ha,
            "share": screening.counts.get(verdict.value, 0) / whole,
        }
        for verdict in reversed(CLASSES)
        if verdict != Verdict.NOT_COMPUTABLE or screening.counts.get(verdict.value)
    ]


def error_rows(screening: Screening) -> list[dict[str, Any]]:
    """Return how far the raster is from the exact engine, rule by rule, largest difference first."""
    titles = {str(rule["code"]): said(rule, "title") for rule in screening.rules}
    cells = int(screening.errors.get("cells", 0)) or 1
    rows = [
        {
            "title": titles.get(code, code),
            "mean": screening.errors["total"].get(code, 0.0) / cells,
            "largest": largest,
        }
        for code, largest in screening.errors.get("largest", {}).items()
    ]
    return sorted(rows, key=lambda row: (-float(row["largest"]), str(row["title"])))
