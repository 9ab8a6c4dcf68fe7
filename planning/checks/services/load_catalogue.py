"""How do rules come into force? Verbs that publish a version of the catalogue; nothing published is ever edited."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import InputRefused
from layers.models import Body, LegalInstrument
from planning.checks.content import contents_hash, contents_of
from planning.checks.guards import catalogue_problems
from planning.checks.models import Parameter, Rule, RuleSet
from planning.checks.rule_sets import layer_kinds, newest_published
from planning.checks.services._frame import hold_versions
from planning.checks.services._merge import Merged, merge
from planning.checks.wording import CATALOGUE


@dataclass(frozen=True)
class Loaded:
    """Tell what loading the catalogue did; *rules_kept*: rules that an administrator wrote otherwise."""

    rule_set: RuleSet
    published: bool
    rules: int
    parameters_added: int
    parameters_kept: tuple[str, ...]
    rules_kept: tuple[str, ...] = ()


def load_catalogue(folder: Path = CATALOGUE, *, note: str = "") -> Loaded:
    """Publish the rules of *folder* as a new rule-set version, unless the newest one already holds exactly them.

    Adds the instruments, bodies and parameters that the rules name and the register lacks; what the register already
    has is left as it is, because an administrator may have corrected it (*parameters_kept* names such values). So are
    rules that an administrator wrote otherwise (*rules_kept*; see `planning.checks.services._merge`).
    Raises InputRefused (RULES_INCOMPLETE) when a rule lacks a text, a severity or a place in the cascade.
    """
    content = _read(folder)
    with transaction.atomic():
        hold_versions()
        instruments = _add_instruments(content["instruments"])
        _add_bodies(content["bodies"])
        added, kept = _add_parameters(content["parameters"], instruments)
        rows = [_row(entry, place, instruments) for place, entry in enumerate(content["rules"], start=1)]
        _refuse_incomplete(rows)
        newest = newest_published()
        merged = merge([Rule(**row) for row in rows], newest)
        if newest is not None and merged.sha256 == contents_hash(contents_of(newest).values()):
            return Loaded(newest, False, len(merged.rules), added, kept, merged.kept)
        rule_set = _publish(merged, newest, note)
    return Loaded(rule_set, True, len(merged.rules), added, kept, merged.kept)


def _refuse_incomplete(rows: list[dict[str, Any]]) -> None:
    problems = catalogue_problems(rows, set(Parameter.objects.values_list("code", flat=True)), layer_kinds())
    if problems:
        raise InputRefused(
            _("The rule catalogue is incomplete."), code="RULES_INCOMPLETE", where="; ".join(problems[:5])
        )


def _publish(merged: Merged, newest: RuleSet | None, note: str) -> RuleSet:
    """Write the next version and put it in force; a draft that is open gives up its number."""
    version = newest.version + 1 if newest is not None else 1
    RuleSet.objects.filter(published_at__isnull=True, version=version).update(version=version + 1)
    rule_set = RuleSet.objects.create(version=version, note=note, content_sha256=merged.sha256)
    for rule in merged.rules:
        rule.pk, rule.rule_set = None, rule_set
    Rule.objects.bulk_create(merged.rules)
    # Last, because a published set takes no more rules.
    rule_set.published_at = timezone.now()
    rule_set.save(update_fields=["published_at"])
    return rule_set


def _read(folder: Path) -> dict[str, Any]:
    def table(name: str) -> dict[str, Any]:
        return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))

    return {
        "instruments": table("instruments"),
        "bodies": table("bodies"),
        "parameters": table("parameters")["parameter"],
        "rules": table("rules")["rule"],
    }


def _add_instruments(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, LegalInstrument]:
    for number, entry in entries.items():
        LegalInstrument.objects.get_or_create(
            number=number, defaults={name: value for name, value in entry.items() if name != "replaced_by"}
        )
    known = {instrument.number: instrument for instrument in LegalInstrument.objects.all()}
    for number, entry in entries.items():
        successor = known.get(str(entry.get("replaced_by", "")))
        if successor is not None and known[number].replaced_by_id is None:
            known[number].replaced_by = successor
            known[number].save(update_fields=["replaced_by"])
    return known


def _add_bodies(entries: Mapping[str, Mapping[str, Any]]) -> None:
    known = set(Body.objects.values_list("code", flat=True))
    Body.objects.bulk_create([Body(code=code, **entry) for code, entry in entries.items() if code not in known])


def _add_parameters(
    entries: list[dict[str, Any]], instruments: Mapping[str, LegalInstrument]
) -> tuple[int, tuple[str, ...]]:
    known = {
        (code, valid_from): float(value)
        for code, valid_from, value in Parameter.objects.values_list("code", "valid_from", "value")
    }
    new = [entry for entry in entries if (entry["code"], entry["valid_from"]) not in known]
    Parameter.objects.bulk_create([Parameter(**{**entry, "instrument": _cited(entry, instruments)}) for entry in new])
    kept = [
        entry["code"]
        for entry in entries
        if known.get((entry["code"], entry["valid_from"]), float(entry["value"])) != float(entry["value"])
    ]
    return len(new), tuple(kept)


def _cited(entry: Mapping[str, Any], instruments: Mapping[str, LegalInstrument]) -> LegalInstrument | None:
    """Return the text a figure is printed in; None for a figure of the house, which no text gives."""
    return instruments[entry["instrument"]] if "instrument" in entry else None


def _row(entry: Mapping[str, Any], place: int, instruments: Mapping[str, LegalInstrument]) -> dict[str, Any]:
    number = str(entry.get("instrument", ""))
    if number not in instruments:
        raise InputRefused(
            _("A rule cites a legal text that the register does not know."),
            code="RULES_INCOMPLETE",
            where=f"{entry.get('code')}: {number}",
        )
    renamed = {"layer": "layer_code", "body": "body_code"}
    row = {renamed.get(name, name): value for name, value in entry.items()}
    return {**row, "instrument": instruments[number], "order": entry.get("order", place * 10)}
