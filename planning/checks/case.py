"""What does an answering function have before it, and how does it write a finding?

It asks the database nothing, but for areas where features overlap one another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from planning.checks.facts import Fact, Facts, once_m2, union_by_class
from planning.checks.report import RuleTotal
from planning.checks.rules import CompiledRule
from planning.checks.types import NO_WORDS, Basis, EditionRef, Finding, Outcome, Subject, Words
from planning.checks.verdict import FIRES
from planning.checks.wording import fill, sentence

# What features of one edition may share along their common borders before they are united to count ground once.
DUST_M2 = 0.5
DUST_M = 0.0005
# How far the area of the same zone differs between two ways of adding up its corners.
WHOLE_M2 = 1e-6


class NotComputable(Exception):
    """An overlay contradicts itself even on the 1 mm grid: nothing may be concluded from it."""


def _sound(area_m2: float | None) -> float:
    if area_m2 is None:
        raise NotComputable
    return area_m2


@dataclass
class Case:
    """Hold one subject with its facts while the rules are answered."""

    subject: Subject
    zone: GEOSGeometry
    area_m2: float
    basis: Basis
    facts: Facts
    totals: list[RuleTotal] = field(default_factory=list)

    def edition(self, rule: CompiledRule) -> EditionRef | None:
        """Return the edition the rule reads, or None when the layer has none that day."""
        return self.basis.editions.get(rule.layer_code)

    def share(self, area_m2: float) -> float:
        """Return an area as share of the zone, 0–1."""
        return min(1.0, area_m2 / self.area_m2) if self.area_m2 else 0.0

    def uncovered_m2(self, edition: EditionRef) -> float:
        """Return how much of the zone the edition's publisher did not look at. Raises NotComputable.

        What is below the written tolerance is dust along the border and counts as none.
        """
        for fact in self.facts.uncovered.values():
            asked = self.basis_edition(fact.edition)
            if asked is not None and asked.coverage_key == edition.coverage_key:
                return self._unseen(fact)
        return 0.0

    def uncovered_around(self, rule: CompiledRule) -> tuple[float, float]:
        """Return how much of the ground that a rule about distances looks at was not looked at: m², and share of it.

        That ground is the zone (or the parts it measures from) and all within the largest distance the rule may ask
        for. Raises NotComputable.
        """
        fact = self.facts.uncovered_around.get(rule.code)
        unseen = 0.0 if fact is None else self._unseen(fact)
        return (unseen, min(1.0, unseen / fact.details()["looked_m2"])) if fact and unseen else (0.0, 0.0)

    def _unseen(self, fact: Fact) -> float:
        if not fact.sound:
            raise NotComputable
        return (fact.area_m2 or 0.0) if self.counts(fact.area_m2, fact.perimeter_m) else 0.0

    def counts(self, area_m2: float | None, perimeter_m: float | None) -> bool:
        """Tell whether an overlap is more than contact, by the tolerance of the day (`planning.checks.contact`)."""
        return self.basis.contact.exceeded(area_m2, perimeter_m)

    def basis_edition(self, edition_id: int | None) -> EditionRef | None:
        """Return the edition with this row number."""
        return next((edition for edition in self.basis.editions.values() if edition.id == edition_id), None)

    def once_m2(self, edition: EditionRef, rows: Iterable[Fact]) -> float:
        """Return the area of *rows* of one edition, every square metre once. Raises NotComputable."""
        rows = list(rows)
        if self.facts.counted_twice_m2.get(edition.id, 0.0) <= DUST_M2 or len(rows) < 2:
            return math.fsum(row.area_m2 or 0.0 for row in rows)
        classes = {row.class_code or "" for row in rows}
        united = union_by_class(self.zone, edition.id, classes, verified=self.facts.verified)
        return _sound(math.fsum(row.area_m2 for row in united) if all(row.sound for row in united) else None)

    def together_m2(self, rows: Iterable[Fact]) -> float:
        """Return the area of the pieces of *rows*, every square metre once. Raises NotComputable."""
        rows = list(rows)
        if any((row.area_m2 or 0.0) >= self.area_m2 - WHOLE_M2 for row in rows):
            return self.area_m2  # one piece is the zone as a whole
        return _sound(once_m2(rows, verified=self.facts.verified))

    def piece(self, rows: Iterable[Fact], area_m2: float) -> bytes | None:
        """Return the ground of *rows* (WKB), which have *area_m2* together: the zone itself where they fill it."""
        if area_m2 >= self.area_m2 - WHOLE_M2:
            return bytes(self.zone.wkb)
        return merged_piece(rows)

    def total(self, rule: CompiledRule, features: int, overlap_m2: float) -> None:
        """Note how much of the zone the rule touches in all."""
        self.total_later(rule, features, lambda: overlap_m2)

    def total_later(self, rule: CompiledRule, features: int, measure: Callable[[], float]) -> None:
        """Note a total that is measured when somebody reads it."""
        self.totals.append(RuleTotal(rule.code, rule.title, features, self.area_m2, measure))


def fired(case: Case, rule: CompiledRule, facts: Mapping[str, Any], **more: Any) -> Finding:
    """Write the finding of a rule that fires, with its own text filled from *facts*."""
    return write(
        case,
        rule,
        FIRES[rule.severity],
        fill(rule.text, facts),
        next_step=fill(rule.next_step, facts),
        facts=facts,
        **more,
    )


def clear(case: Case, rule: CompiledRule, text: Words | None = None, **more: Any) -> Finding:
    """Write that the rule was answered and found nothing."""
    return write(case, rule, Outcome.CLEAR, text or sentence("clear"), **more)


def not_checked(case: Case, rule: CompiledRule, text: Words, *, unchecked_share: float = 1.0, **more: Any) -> Finding:
    """Write that the rule was not, or not wholly, answered."""
    return write(case, rule, Outcome.NOT_CHECKED, text, unchecked_share=unchecked_share, **more)


def standing(case: Case, rule: CompiledRule, *key: Hashable, wrote: Callable[[], Finding]) -> Finding:
    """Return what *wrote* gives, written by the first who asks: it hangs on the rule and *key*, not on the drawing."""
    whole = (rule.code, *key)
    return case.basis.once(whole, lambda: replace(wrote(), standing=whole))


def uncomputed(case: Case, rule: CompiledRule) -> Finding:
    """Write that the rule as a whole could not be computed: never read as clear, and it blocks submission."""
    return write(case, rule, Outcome.NOT_COMPUTABLE, sentence("not_computable_rule"))


def write(
    case: Case, rule: CompiledRule, outcome: Outcome, text: Words, *, fact: Fact | None = None, **more: Any
) -> Finding:
    """Write a finding of *rule*; *fact* names the source row."""
    edition = case.edition(rule)
    if fact is not None:
        more.setdefault("source_key", fact.source or (fact.hash or "")[:16])
        more.setdefault("source_hash", fact.hash or "")
        more.setdefault("feature_name", fact.name or "")
        more.setdefault("feature_class", fact.class_code or "")
        more.setdefault("feature_id", fact.feature)
        more.setdefault("feature_count", 1)
    identity = (
        rule.code,
        more.get("source_key", ""),
        str(more.get("source_hash", ""))[:10],
        _KEY_ENDS.get(outcome, ""),
    )
    facts = {name: value for name, value in more.pop("facts", {}).items() if not isinstance(value, Words)}
    return Finding(
        key=":".join(piece for piece in identity if piece),
        rule=rule.code,
        question=rule.question,
        severity=rule.severity,
        outcome=outcome,
        title=rule.title,
        text=text,
        next_step=more.pop("next_step", NO_WORDS),
        citation=rule.citation,
        verified=rule.verified,
        body_code=rule.body_code,
        body=rule.body,
        layer_code=rule.layer_code,
        layer=edition.layer if edition else NO_WORDS,
        edition_id=edition.id if edition else None,
        edition=edition.label if edition else "",
        schematic=edition.schematic if edition else False,
        overdue_days=edition.overdue_days if edition else 0,
        facts=facts,
        **more,
    )


_KEY_ENDS = {Outcome.NOT_CHECKED: "unchecked", Outcome.NOT_COMPUTABLE: "uncomputed", Outcome.CONTACT: "contact"}


def merged_piece(rows: Iterable[Fact]) -> bytes | None:
    """Return the pieces of several features as one geometry (WKB): polygons united, points gathered.

    Pieces of a tessellation are joined by their common edges, ten times faster than by overlay; where that does not
    give a valid area they are united. The geometry is for looking at and cutting out: no figure is taken from it.
    """
    blobs = [bytes(row.piece) for row in rows if row.piece]
    if len(blobs) < 2:
        return blobs[0] if blobs else None
    import shapely

    pieces = shapely.from_wkb(blobs)
    joined = _tiled(pieces) if (shapely.get_dimensions(pieces) == 2).all() else None
    return bytes(shapely.to_wkb(shapely.union_all(pieces) if joined is None else joined, byte_order=1))


def _tiled(pieces: Any) -> Any:
    """Join areas by their common edges; None when they share ground or an edge differs in its last digit."""
    import shapely

    try:
        joined = shapely.coverage_union_all(pieces)
    except shapely.errors.GEOSException:
        return None
    sound = abs(float(joined.area) - math.fsum(shapely.area(pieces))) <= DUST_M2 and shapely.is_valid(joined)
    return joined if sound else None


def label(fact: Fact, rule: CompiledRule) -> str:
    """Name a source row for a sentence: its own name, else the Vietnamese title of the rule in brackets."""
    return fact.name or fact.class_code or f"#{(fact.hash or '')[:6]}"
