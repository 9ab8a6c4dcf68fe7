"""What is said of every source alike? Contact, nothing near, not covered, no edition, not computable, the total.

It judges no rule: `planning.checks.spatial_answers` does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import partial

from planning.checks.case import Case, NotComputable, clear, label, not_checked, standing, uncomputed, write
from planning.checks.distances import look_m, looked_for_m
from planning.checks.facts import Fact
from planning.checks.models import Question
from planning.checks.rules import CompiledRule
from planning.checks.types import EditionRef, Finding, Outcome
from planning.checks.wording import sentence, tolerance


def contacts(case: Case, rule: CompiledRule, rows: Iterable[Fact], hits: list[Fact]) -> list[Finding]:
    """List what touches or overlaps below tolerance; several parcels of a merging rule are one contact."""
    taken = {id(row) for row in hits}
    close = [row for row in rows if row.sound and row.dims == 2 and id(row) not in taken]
    if rule.merged and len(close) > 1:
        close = [max(close, key=lambda row: (row.area_m2 or 0.0, row.hash or "", row.source or "", row.name or ""))]
    return [contact(case, rule, row) for row in close]


def contact(case: Case, rule: CompiledRule, row: Fact) -> Finding:
    """List one feature as contact below tolerance; it is no conflict and is never hidden."""
    area = row.area_m2 or 0.0
    text = sentence("contact", feature=label(row, rule), overlap_m2=area, tolerance=tolerance(case.basis.contact))
    return write(
        case,
        rule,
        Outcome.CONTACT,
        text,
        fact=row,
        overlap_m2=area,
        share_of_zone=case.share(area),
        distance_m=row.distance_m or 0.0,
        required_m=row.required_m,
        piece=as_bytes(row.piece) if area else None,
        nearest_line=as_bytes(row.line),
    )


def what_is_left(
    case: Case, rule: CompiledRule, edition: EditionRef, findings: list[Finding], nearest: Iterable[Fact]
) -> list[Finding]:
    """Say what is left to say: the share outside coverage is not checked; else, when nothing was found, clear."""
    within, _look = _reach(case, rule)
    if within:
        outside, share = case.uncovered_around(rule)
        name = "not_checked_around" if rule.question == Question.SETBACK else "not_checked_around_parts"
    else:
        outside, name = case.uncovered_m2(edition), "not_checked_coverage"
        share = case.share(outside)
    if outside:
        text = sentence(name, unchecked_share=share, unchecked_ha=outside / 10_000, within_m=within)
        return [not_checked(case, rule, text, unchecked_share=share, next_step=sentence("next_not_checked_layer"))]
    if findings:
        return []
    return [nothing_near(case, rule, [row for row in nearest if rule.takes(row.class_code or "")])]


def _reach(case: Case, rule: CompiledRule) -> tuple[float, float]:
    """Return how far around the rule has to know and how far it looks, m; once for all that declare the same."""
    subject = case.subject
    key = (rule.code, "reach", subject.declared)
    return case.basis.once(key, lambda: (looked_for_m(rule, subject), look_m(rule, subject)))


def nothing_near(case: Case, rule: CompiledRule, rows: Iterable[Fact]) -> Finding:
    """Say that nothing was met, and how far off the nearest of *rows* is, or how far the look went."""
    closest = min(rows, key=nearest_first, default=None)
    known = "_known" if rule.code in case.facts.short else ""  # the publisher did not look as far as the rule does
    if closest is None:  # half of all answers, and it hangs on nothing that was drawn
        _within, reach = _reach(case, rule)
        far = partial(sentence, f"clear_far{known}", reach_m=reach)
        return standing(case, rule, f"clear_far{known}", reach, wrote=lambda: clear(case, rule, far()))
    text = sentence(f"clear_near{known}", feature=label(closest, rule), distance_m=closest.distance_m)
    return clear(case, rule, text, fact=closest, distance_m=closest.distance_m, nearest_line=as_bytes(closest.line))


def no_edition(case: Case, rule: CompiledRule) -> Finding:
    """Say that the layer has no current edition: not checked, never clear."""
    return standing(
        case,
        rule,
        "no_edition",
        wrote=lambda: not_checked(
            case, rule, sentence("not_checked_layer"), next_step=sentence("next_not_checked_layer")
        ),
    )


def totalled(case: Case, rule: CompiledRule, hits: list[Fact], area_m2: Callable[[], float]) -> list[Finding]:
    """Note what the rule touches in all; that this cannot be computed is a finding beside those of the features.

    Only a verified total can turn out to be that: while somebody draws it waits until it is read.
    """
    if not hits:
        return []
    if not case.facts.verified:
        case.total_later(rule, len(hits), area_m2)
        return []
    try:
        case.total(rule, len(hits), area_m2())
    except NotComputable:
        return [uncomputed(case, rule)]
    return []


def nearest_first(row: Fact) -> tuple[float, str, str, str]:
    """Order features by distance; equal distances by what they are, never by the order in which rows lie."""
    return (row.distance_m or 0.0, row.hash or "", row.source or "", row.name or "")


def not_computable(case: Case, rule: CompiledRule, row: Fact) -> Finding:
    """Say that the overlay with one feature could not be verified: nothing may be read into it.

    A row that names no source is about what was drawn: planned parts that cannot be put together. Where the side of a
    flow is not known the figures could be computed and what they mean is missing.
    """
    if row.feature is None and row.source is None:
        return uncomputed(case, rule)
    if row.details().get("side") != "unknown":
        return write(case, rule, Outcome.NOT_COMPUTABLE, sentence("not_computable", feature=label(row, rule)), fact=row)
    measured = {"distance_m": row.distance_m, "required_m": row.required_m}
    text = sentence("not_computable_flow", feature=label(row, rule), **measured)
    line = as_bytes(row.line)
    return write(case, rule, Outcome.NOT_COMPUTABLE, text, fact=row, nearest_line=line, **measured)


def joined_hash(rows: Iterable[Fact]) -> str:
    """Return one SHA-256 for several source rows, in whatever order they lie."""
    return hashlib.sha256("".join(sorted(row.hash or "" for row in rows)).encode()).hexdigest()


def as_bytes(blob: bytes | memoryview | None) -> bytes | None:
    """Return WKB as bytes, whatever the driver gave."""
    return None if blob is None else bytes(blob)
