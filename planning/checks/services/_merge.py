"""What becomes of administrators' rules when the house brings a newer catalogue? Theirs stand, the others are renewed.

Each rule remembers what the catalogue said when they were last compared; so a rule that differs from it was written by
a person. It publishes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from planning.checks.content import content_hash, contents_hash, rule_content
from planning.checks.models import Rule, RuleSet

# The mark of rules published before drafts existed: nobody could have written them but the catalogue.
UNEDITED = "unedited"


@dataclass(frozen=True)
class Merged:
    """Hold the rules of the next version and the codes of those that were not taken from the catalogue."""

    rules: list[Rule]
    kept: tuple[str, ...]
    sha256: str


def merge(catalogue: list[Rule], newest: RuleSet | None) -> Merged:
    """Put the rules of the house's *catalogue* (not saved) together with those in force.

    A rule nobody wrote otherwise is renewed; one an administrator changed, wrote or left out stays as they decided.
    """
    current = {rule.code: rule for rule in newest.rules.select_related("instrument")} if newest is not None else {}
    rules: list[Rule] = []
    kept: list[str] = []
    for entry in catalogue:
        entry.catalogue_sha256 = content_hash(rule_content(entry))
        mine = current.pop(entry.code, None)
        if mine is None and _left_out(entry.code):
            kept.append(entry.code)
        elif mine is None or not _edited(mine):
            rules.append(entry)
        else:
            mine.catalogue_sha256 = entry.catalogue_sha256
            rules.append(mine)
            if content_hash(rule_content(mine)) != entry.catalogue_sha256:
                kept.append(entry.code)
    for code, mine in current.items():
        if not mine.catalogue_sha256 or _edited(mine):
            rules.append(mine)
            kept.append(code)
    return Merged(rules, tuple(kept), contents_hash(rule_content(rule) for rule in rules))


def _edited(rule: Rule) -> bool:
    return rule.catalogue_sha256 not in (UNEDITED, content_hash(rule_content(rule)))


def _left_out(code: str) -> bool:
    """Tell whether a person published the version from which the rule is missing; else the catalogue dropped it."""
    published = RuleSet.objects.filter(published_at__isnull=False)
    last = published.filter(rules__code=code).order_by("-version").first()
    if last is None:
        return False
    after = published.filter(version__gt=last.version).order_by("version").first()
    return after is not None and after.published_by_id is not None
