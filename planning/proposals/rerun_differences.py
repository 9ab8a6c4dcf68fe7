"""In what does a repeated run differ from the kept one? First what it read, then what it answered; before and after.

It does not tell the cause; `planning.proposals.rerun` does.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layers.numbers import number_format
from planning.checks.contact import Contact
from planning.checks.report import Report
from planning.checks.types import Finding, Outcome, Words
from planning.checks.wording import tolerance
from planning.proposals.models import CheckFinding, CheckRun

# What a run reads besides editions, by the name under which it is kept.
_READ = {
    "register": gettext_lazy("Boundaries in the register"),
    "units": gettext_lazy("Administrative units"),
    "unit_hashes": gettext_lazy("Area of an administrative unit"),
    "plan": gettext_lazy("Plan list"),
    "occupancy": gettext_lazy("Occupancy of clusters"),
    "expanded": gettext_lazy("Boundaries of the cluster being expanded"),
}

# Facts that say again what outcome, overlap and distance of the finding say.
_MEASURED = frozenset({"feature", "class", "overlap_ha", "overlap_m2", "overlap_share", "distance_m"})


@dataclass(frozen=True)
class Difference:
    """Name one thing that differs: *what* of *title* (both languages), *before* and *after* as text; empty: not there.

    *source*: it was read, not answered. *row_changed*: another source row stands behind a finding.
    """

    title: Words
    what: str
    before: str
    after: str
    rule: str = ""
    source: bool = False
    row_changed: bool = False

    def __str__(self) -> str:
        named = f"{self.title}: {self.what}" if self.what else str(self.title)
        return f"{named}: {self.before or '–'} → {self.after or '–'}"


def source_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return what differs between two kept bases in thresholds and in what the books said.

    What an older run did not keep is not compared.
    """
    found = _contact(before, after)
    if "figures" in before:
        old, new = before["figures"], after["figures"]
        for rule in sorted({*old, *new}):
            found += _figures(rule, old.get(rule, {}), new.get(rule, {}))
    if "read" in before:
        for name, title in _READ.items():
            was, now = before["read"].get(name), after["read"].get(name)
            if _text(was) != _text(now):
                found += _rows(str(title), was, now)
    return found


def _contact(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return how the tolerance below which touching is no overlap differs."""
    was, now = (tolerance(Contact.of(kept.get("contact"))) for kept in (before, after))
    title = _("Tolerance of contact")
    return [] if was == now else [Difference(Words(title, title), "", str(was), str(now), source=True)]


def _figures(rule: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    return [
        Difference(Words(rule, rule), name, _text(before.get(name)), _text(after.get(name)), rule, source=True)
        for name in sorted({*before, *after})
        if _text(before.get(name)) != _text(after.get(name))
    ]


def _rows(title: str, before: Any, after: Any) -> list[Difference]:
    """Return one difference per row that was added, removed or changed; a row is known by its first two members."""
    was, now = _by_name(before), _by_name(after)
    return [
        Difference(Words(title, title), name, was.get(name, ""), now.get(name, ""), source=True)
        for name in sorted({*was, *now})
        if was.get(name) != now.get(name)
    ]


def _by_name(value: Any) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {str(name): _text(item) for name, item in value.items()}
    rows: dict[str, str] = {}
    for item in value or []:
        if isinstance(item, Mapping):
            rows[str(item.get("name", ""))] = _text(item)
        elif isinstance(item, list | tuple):
            rows[" ".join(str(piece) for piece in item[:2])] = _text(item[2:])
        else:
            rows[str(item)] = _text(item)
    return rows


def answer_differences(run: CheckRun, report: Report) -> list[Difference]:
    """Return what differs between the findings and land use of a kept run and those of *report*."""
    was: dict[str, list[CheckFinding]] = defaultdict(list)
    now: dict[str, list[Finding]] = defaultdict(list)
    for kept in run.findings.order_by("order"):
        was[_identity(kept.rule_code, kept.source_key, kept.feature_name)].append(kept)
    for finding in report.findings:
        now[_identity(finding.rule, finding.source_key, finding.feature_name)].append(finding)
    found: list[Difference] = []
    for identity in dict.fromkeys([*was, *now]):
        old, new = was.get(identity, []), now.get(identity, [])
        before, after = sorted(_of_kept(one) for one in old), sorted(_of_new(one) for one in new)
        rows = sorted(one.source_hash for one in old) != sorted(one.source_hash for one in new)
        if before == after and not rows:
            continue
        if rows and before == after:
            before, after = _with_hashes(before, old), _with_hashes(after, new)
        rule, _source, feature = json.loads(identity)
        title = _title(old, new)
        found.append(Difference(title, feature, "; ".join(before), "; ".join(after), rule, row_changed=rows))
    return found + _land_use(run.land_use, [row.as_data() for row in report.land_use])


def _with_hashes(said: list[str], findings: Iterable[CheckFinding | Finding]) -> list[str]:
    """Name the source rows where the figures are equal and only the rows behind them are others."""
    return [*said, *sorted(_("source row %(hash)s") % {"hash": one.source_hash[:10]} for one in findings)]


def _identity(rule: str, source: str, feature: str) -> str:
    return json.dumps([rule, source[:120], feature[:240]], ensure_ascii=False)


def _title(old: Iterable[CheckFinding], new: Iterable[Finding]) -> Words:
    for finding in new:
        return finding.title
    for kept in old:
        return Words(kept.data.get("title_vi", kept.rule_code), kept.data.get("title_en", kept.rule_code))
    return Words("", "")


def _of_kept(kept: CheckFinding) -> str:
    told = {**kept.data.get("facts", {}), "required_m": kept.data.get("required_m")}
    return _said(kept.outcome, kept.overlap_m2, kept.distance_m, kept.unchecked_share, told)


def _of_new(finding: Finding) -> str:
    data = finding.as_data()
    told = {**data["facts"], "required_m": data["required_m"]}
    return _said(finding.outcome, finding.overlap_m2, finding.distance_m, finding.unchecked_share, told)


def _said(
    outcome: str, overlap: float | None, distance: float | None, unchecked: float | None, facts: Mapping[str, Any]
) -> str:
    """Write one finding as text: outcome and figures at the precision in which answers are compared."""
    pieces = [str(Outcome(outcome).label)]
    if overlap is not None:
        pieces.append(f"{number_format(overlap, 2)} m²")
    if distance is not None:
        pieces.append(f"{number_format(distance, 2)} m")
    if unchecked is not None:
        pieces.append(_("%(share)s %% not checked") % {"share": number_format(unchecked * 100, 4)})
    told = {name: value for name, value in facts.items() if value not in (None, "", []) and name not in _MEASURED}
    if told:
        pieces.append(_text(told))
    return ", ".join(pieces)


def _land_use(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Difference]:
    def rows(held: list[dict[str, Any]]) -> dict[str, tuple[Words, str]]:
        return {
            row["code"]: (
                Words(row["name_vi"], row["name_en"]),
                f"{number_format(row['area_m2'], 2)} m² ({row['parcels']})",
            )
            for row in held
        }

    was, now = rows(before), rows(after)
    return [
        Difference((now.get(code) or was[code])[0], code, was.get(code, (None, ""))[1], now.get(code, (None, ""))[1])
        for code in sorted({*was, *now})
        if was.get(code) != now.get(code)
    ]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
