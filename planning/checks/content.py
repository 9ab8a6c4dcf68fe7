"""What does a rule say, apart from where it is kept? Its content as plain data: same words and figures, same data.

It does not judge the content: `planning.checks.guards` does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from planning.checks.models import Rule, RuleSet

# The order in which a person reads them; also the only names that a form or a file may write.
FIELDS = (
    "code",
    "order",
    "question",
    "layer_code",
    "classes",
    "distance_m",
    "distance_by_class",
    "settings",
    "severity",
    "valid_from",
    "valid_to",
    "instrument",
    "article",
    "verified",
    "body_code",
    "title_vi",
    "title_en",
    "text_vi",
    "text_en",
    "next_step_vi",
    "next_step_en",
)
Content = dict[str, Any]


def rule_content(rule: Rule) -> Content:
    """Return what *rule* says as plain data ready for JSON; the instrument by its number, days in ISO."""
    return {name: rule.instrument.number if name == "instrument" else plain(getattr(rule, name)) for name in FIELDS}


def contents_of(rule_set: RuleSet) -> dict[str, Content]:
    """Return the content of every rule of a set by code, in the set's order."""
    rules = rule_set.rules.select_related("instrument").order_by("order", "code")
    return {rule.code: rule_content(rule) for rule in rules}


def content_hash(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of one rule's content."""
    return _sha256(plain(dict(content)))


def contents_hash(contents: Iterable[Mapping[str, Any]]) -> str:
    """Return the SHA-256 of a whole set's content, whatever order its rules are given in."""
    return _sha256(sorted((plain(dict(content)) for content in contents), key=lambda item: str(item["code"])))


@dataclass(frozen=True)
class Change:
    """Say how one rule differs between two sets; *before* or *after* is None when the rule is in one of them only."""

    code: str
    before: Content | None
    after: Content | None
    fields: tuple[str, ...]


def changes_between(before: Mapping[str, Content], after: Mapping[str, Content]) -> list[Change]:
    """Return the rules that differ, those of *after* in its order first, then those left out."""
    found: list[Change] = []
    for code, content in after.items():
        old = before.get(code)
        if fields := fields_changed(old, content):
            found.append(Change(code, old, content, fields))
    found += [Change(code, content, None, FIELDS) for code, content in before.items() if code not in after]
    return found


def fields_changed(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return the names of the fields that differ, all of them when one side is missing."""
    if before is None or after is None:
        return () if before is after else FIELDS
    return tuple(name for name in FIELDS if plain(before[name]) != plain(after[name]))


def plain(value: Any) -> Any:
    """Write *value* the one way it is compared and hashed: 13.00 and 13 are one figure, lists of words are sets."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, Decimal | float):
        return int(value) if float(value).is_integer() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in sorted(value.items(), key=lambda pair: str(pair[0]))}
    if isinstance(value, list | tuple):
        items = [plain(item) for item in value]
        return sorted(items) if all(isinstance(item, str) for item in items) else items
    return value if isinstance(value, int) else str(value)


def _sha256(data: Any) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
