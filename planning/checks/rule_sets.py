"""Which versions of the rules are there? The one in force, the draft of the next, and how a rule came to read so.

It writes nothing and asks nobody's permission.
"""

from __future__ import annotations

from dataclasses import dataclass

from layers.models import Layer
from planning.checks.content import Content, fields_changed, rule_content
from planning.checks.models import Rule, RuleSet


def newest_published() -> RuleSet | None:
    """Return the version in force: the newest published one."""
    return RuleSet.objects.filter(published_at__isnull=False).order_by("-version").first()


def layer_kinds(using: str | None = None) -> dict[str, str]:
    """Return the kind of geometry of every layer by its code, as the guards ask for it."""
    return dict(Layer.objects.using(using).values_list("code", "geometry_kind"))


def draft_of() -> RuleSet | None:
    """Return the open draft of the next version, if there is one."""
    drafts = RuleSet.objects.filter(published_at__isnull=True, base__isnull=False)
    return drafts.select_related("base", "opened_by").first()


def predecessor_of(rule_set: RuleSet) -> RuleSet | None:
    """Return the version published before *rule_set*; of a draft, the version it was made from."""
    if rule_set.published_at is None:
        return rule_set.base
    older = RuleSet.objects.filter(published_at__isnull=False, version__lt=rule_set.version)
    return older.order_by("-version").first()


@dataclass(frozen=True)
class Step:
    """Say how one version changed one rule; *after* is None when it was left out."""

    rule_set: RuleSet
    before: Content | None
    after: Content | None
    fields: tuple[str, ...]


def history_of(code: str) -> list[Step]:
    """Return the published versions that changed the rule *code*, newest first."""
    rules = Rule.objects.filter(code=code, rule_set__published_at__isnull=False).select_related("instrument")
    kept = {rule.rule_set_id: rule_content(rule) for rule in rules}
    steps: list[Step] = []
    before: Content | None = None
    for rule_set in RuleSet.objects.filter(published_at__isnull=False).order_by("version"):
        after = kept.get(rule_set.pk)
        if fields := fields_changed(before, after):
            steps.append(Step(rule_set, before, after, fields))
        before = after
    return steps[::-1]
