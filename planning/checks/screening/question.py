"""What does a screening ask? One kind of proposal, one basis named by numbers, and its rules that a place answers.

Rules about a proposal (size, plan list, ratios, what is declared) say nothing about a place and are named as not used.
It deliberately measures nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from planning.checks.asks import LAND_LAYER
from planning.checks.basis import basis_on, basis_with
from planning.checks.models import Question
from planning.checks.rules import CompiledRule
from planning.checks.types import Basis

# The questions whose answer depends on where a zone lies and on nothing else.
OF_A_PLACE = frozenset(
    question.value
    for question in (
        Question.OVERLAP,
        Question.SETBACK,
        Question.SHARE,
        Question.COUNT_INSIDE,
        Question.REGISTER_OVERLAP,
    )
)
KIND = "new_cluster"
# What a search for sites measures besides; the engine lists land use from the first.
SITE_LAYERS = frozenset({LAND_LAYER, "slope", "road", "power_line", "residential"})
# How many rules a kept cell can name, one byte each with one bit for "not checked".
MAX_RULES = 127


@dataclass(frozen=True)
class Asked:
    """Hold what is asked of every cell: the basis with only the rules of a place and the layers they read."""

    basis: Basis
    rules: tuple[CompiledRule, ...]
    unused: tuple[CompiledRule, ...]
    kind: str = KIND


def asked_of(basis: Basis, kind: str = KIND) -> Asked:
    """Return what a screening for proposals of *kind* asks against *basis*."""
    concerned = [rule for rule in basis.rules if rule.asks_about(kind)]
    rules = tuple(rule for rule in concerned if rule.question in OF_A_PLACE)[:MAX_RULES]
    unused = tuple(rule for rule in concerned if rule not in rules)
    read = {rule.layer_code for rule in rules} | SITE_LAYERS
    editions = {code: edition for code, edition in basis.editions.items() if code in read}
    missing = tuple(code for code in basis.missing_layers if code in read)
    return Asked(replace(basis, rules=rules, editions=editions, missing_layers=missing), rules, unused, kind)


def basis_data(basis: Basis) -> dict[str, Any]:
    """Return the numbers that name *basis*, ready for JSON; `asked_by` reads them."""
    return {
        "date": basis.date.isoformat(),
        "rule_set": basis.rule_set_id,
        "editions": sorted(edition.id for edition in basis.editions.values()),
    }


def asked_by(data: Mapping[str, Any], kind: str = KIND) -> Asked:
    """Return what `basis_data` named: exactly these editions, whatever was promoted since; kept for the process.

    Raises what `planning.checks.basis.basis_with` raises.
    """
    return _asked(str(data["date"]), int(data["rule_set"]), tuple(int(pk) for pk in data["editions"]), kind)


@lru_cache(maxsize=4)
def _asked(day: str, rule_set: int, editions: tuple[int, ...], kind: str) -> Asked:
    put = basis_with(basis_on(date.fromisoformat(day)), editions=editions, rule_set_id=rule_set)
    named = {code: edition for code, edition in put.editions.items() if edition.id in editions}
    wanted = {rule.layer_code for rule in put.rules if rule.layer_code}
    return asked_of(replace(put, editions=named, missing_layers=tuple(sorted(wanted - named.keys()))), kind)


def forget_asked() -> None:
    """Drop what this process keeps; for tests, whose databases begin anew with the same numbers."""
    _asked.cache_clear()
