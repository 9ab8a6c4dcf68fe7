"""How do ways out of a conflict reach the browser? What is done, what it costs, what the check says afterwards.

It computes nothing: `planning.checks.repairs` does.
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mapping import formats
from mapping.glass.geojson import to_geojson
from mapping.severity import severity_code, severity_word, verdict_severity
from planning.checks.repairs import Kind, NotOffered, Way, WaysOut, WhyNot, Worse

_TITLES: dict[Kind, Promise] = {
    Kind.CUT_OUT: gettext_lazy("Cut the overlap out"),
    Kind.SET_BACK: gettext_lazy("Set the boundary back by the distance"),
    Kind.STRAIGHT: gettext_lazy("Cut off along a straight line"),
    Kind.LARGEST: gettext_lazy("Keep the largest remaining piece"),
}
_WHY_NOT: dict[WhyNot, Promise] = {
    WhyNot.NO_CONFLICT: gettext_lazy("Nothing has to be changed here."),
    WhyNot.WHOLE_ZONE: gettext_lazy(
        "No piece can be cut away to settle this: it is about the boundary as a whole, or has no area of its own."
    ),
    WhyNot.NOTHING_LEFT: gettext_lazy("Nothing of the boundary would be left. Look for another place."),
    WhyNot.TOO_LITTLE_LEFT: gettext_lazy("Less than 1 ha would be left."),
    WhyNot.TOO_MANY_CORNERS: gettext_lazy("The new boundary would have too many corners; draw around it by hand."),
    WhyNot.STILL_THERE: gettext_lazy("The conflict would still be there."),
    WhyNot.BREAKS_ANOTHER: gettext_lazy("It would run into something else that is forbidden: %(rules)s."),
}


def ways_json(found: WaysOut) -> dict[str, Any]:
    """Return the ways out as plain data for JSON; geometry in WGS 84, areas in m²."""
    return {
        "key": found.key,
        "before_m2": round(found.before.area_m2, 2),
        "ways": [_way_json(way) for way in found.ways],
        "not_offered": [_not_offered(entry) for entry in found.not_offered],
    }


def _way_json(way: Way) -> dict[str, Any]:
    size = way.report.size
    return {
        "kind": way.kind.value,
        "title": str(_TITLES[way.kind]),
        "zone": to_geojson(way.zone),
        "removed": to_geojson(way.removed),
        "area_m2": round(way.area_m2, 2),
        "lost_m2": round(way.lost_m2, 2),
        "verdict": {
            "code": way.report.verdict.value,
            "sev": verdict_severity(way.report.verdict),
            "text": str(way.report.verdict.label),
        },
        "size": {"ok": size.ok, "min_ha": size.min_ha, "max_ha": size.max_ha},
        "conflicts_left": way.conflicts_left,
        "worse": [_worse(worse) for worse in way.worse],
        "notes": _notes(way),
    }


def _worse(worse: Worse) -> dict[str, str]:
    sev = severity_code(worse.after.value)
    return {
        "rule": worse.rule,
        "sev": sev,
        "text": _("%(title)s: %(before)s → %(after)s")
        % {
            "title": worse.title,
            "before": severity_word(worse.before.value),
            "after": severity_word(sev),
        },
    }


def _notes(way: Way) -> list[str]:
    notes = []
    if way.holes:
        notes.append(
            ngettext("A hole stays inside the boundary.", "%(n)s holes stay inside the boundary.", way.holes)
            % {"n": way.holes}
        )
    if way.parts > 1:
        notes.append(_("The boundary falls into %(n)s separate pieces.") % {"n": way.parts})
    if way.crumbs_m2 >= 1:
        notes.append(
            _("Of the loss, %(area)s are strips narrower than 10 m or scraps under 0.1 ha.")
            % {"area": formats.square_metres(way.crumbs_m2)}
        )
    if way.simpler_m:
        notes.append(
            _("The new edge is drawn up to %(m)s straighter, always inwards.") % {"m": formats.metres(way.simpler_m)}
        )
    return notes


def _not_offered(entry: NotOffered) -> dict[str, str]:
    rules = ", ".join(str(rule) for rule in entry.rules)
    text = str(_WHY_NOT[entry.reason]) % {"rules": rules} if rules else str(_WHY_NOT[entry.reason])
    return {"title": str(_TITLES[entry.kind]) if entry.kind else "", "reason": entry.reason.value, "text": text}
