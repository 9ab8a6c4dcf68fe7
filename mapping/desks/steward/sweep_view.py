"""How does a sweep read to a person? Its rows with words, colours and places; drafts of others without their names.

It reads the batch; `planning.proposals.sweep` made it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layers.batches.queries import Progress, progress
from layers.crs import point_to_wgs84
from layers.models import Batch, BatchState, Edition
from mapping.severity import severity_code, verdict_severity
from planning.checks.types import Outcome, Verdict
from planning.people.models import User
from planning.proposals.models import State
from planning.proposals.sweep import BASIS_CHANGED, rows_of
from planning.proposals.sweep_state import latest_sweep
from planning.proposals.visibility import visible_to
from planning.registers.models import BoundaryKind


@dataclass(frozen=True)
class Side:
    """One verdict or outcome: its word and the severity whose colour it wears."""

    word: str
    severity: str


@dataclass(frozen=True)
class ShownRule:
    """One rule that answers otherwise, with figures before and after (None: none)."""

    title: str
    before: Side | None
    after: Side | None
    hectares: tuple[float | None, float | None]
    metres: tuple[float | None, float | None]
    unchecked: tuple[float | None, float | None]
    features: tuple[str, ...]


@dataclass(frozen=True)
class ShownRow:
    """One proposal or approved cluster; *at* (longitude, latitude) and *href* are empty for what is not to be seen."""

    kind: str
    code: str
    name: str
    unit: str
    state: str
    href: str
    before: Side
    after: Side
    changed: bool
    differs: bool
    rules: tuple[ShownRule, ...]
    at: tuple[float, float] | None


@dataclass(frozen=True)
class SweepView:
    """A sweep as the page shows it; *seal* is empty until it is finished."""

    batch: Batch
    progress: Progress
    rows: tuple[ShownRow, ...]
    changed: int
    differs: int
    seal: str

    @property
    def asked(self) -> int:
        """Return how many were asked so far."""
        return len(self.rows)

    @property
    def is_done(self) -> bool:
        """Tell whether every subject was asked."""
        return self.batch.state == BatchState.DONE

    @property
    def basis_changed(self) -> bool:
        """Tell whether it stopped because what it asks against changed."""
        return any(BASIS_CHANGED in chunk.error for chunk in self.batch.chunks.filter(state="failed").only("error"))


def sweep_view(edition: Edition, user: User) -> SweepView | None:
    """Return the newest sweep of an edition as *user* may see it; None when there was none."""
    batch = latest_sweep(edition)
    if batch is None:
        return None
    far = progress(batch)
    visible = set(visible_to(user).values_list("code", flat=True))
    rows = sorted((_row(row, visible) for row in rows_of(batch)), key=_weight)
    return SweepView(
        batch=batch,
        progress=far,
        rows=tuple(rows),
        changed=sum(row.changed for row in rows),
        differs=sum(row.differs for row in rows),
        seal=batch.params.get("seal", "") if batch.state == BatchState.DONE else "",
    )


def _weight(row: ShownRow) -> tuple[bool, bool, str, str]:
    return (not row.changed, not row.differs, row.kind, row.code)


def _row(row: dict[str, Any], visible: set[str]) -> ShownRow:
    kind = row["subject"].partition(":")[0]
    seen = kind == "cluster" or row["code"] in visible
    # a first draft is its author's; the department learns of it when it is submitted
    hidden = not seen and row["state"] == State.DRAFT and row.get("round", 1) == 1
    href = ""
    if kind == "proposal" and seen:
        href = reverse("review:file", args=[row["code"]])
    return ShownRow(
        kind=kind,
        code="" if hidden else row["code"],
        name=_("a draft that was not submitted yet") if hidden else row["name"],
        unit=row["unit"],
        state=str(State(row["state"]).label if kind == "proposal" else BoundaryKind(row["state"]).label),
        href=href,
        before=_verdict(row["before"]),
        after=_verdict(row["after"]),
        changed=row["changed"],
        differs=row["differs"],
        rules=tuple(_rule(rule) for rule in row["rules"]),
        at=None if hidden else point_to_wgs84(*row["at"]),
    )


def _verdict(value: str) -> Side:
    return Side(str(Verdict(value).label), verdict_severity(value))


def _outcome(value: str) -> Side | None:
    return Side(str(Outcome(value).label), severity_code(value)) if value else None


def _rule(rule: dict[str, Any]) -> ShownRule:
    english = (get_language() or "vi").startswith("en")
    words = {"new": _("new"), "gone": _("gone"), "changed": _("changed")}
    features = tuple(
        f"{feature['name'] or feature['class'] or '–'} ({words[feature['change']]})" for feature in rule["features"]
    )
    return ShownRule(
        title=rule["title_en"] if english and rule["title_en"] else rule["title_vi"],
        before=_outcome(rule["outcome"][0]),
        after=_outcome(rule["outcome"][1]),
        hectares=_pair(rule["overlap_ha"]),
        metres=_pair(rule["distance_m"]),
        unchecked=_pair(rule["unchecked"]),
        features=features,
    )


def _pair(values: list[float | None]) -> tuple[float | None, float | None]:
    return (values[0], values[1])
