"""How do rules come into force? Verbs that publish a version of the catalogue; nothing published is ever edited."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import InputRefused
from layers.models import Body, LegalInstrument
from planning.checks.guards import catalogue_problems
from planning.checks.models import Parameter, Rule, RuleSet
from planning.checks.wording import CATALOGUE


@dataclass(frozen=True)
class Loaded:
    """Tell what loading the catalogue did."""

    rule_set: RuleSet
    published: bool
    rules: int
    parameters_added: int
    parameters_kept: tuple[str, ...]


def load_catalogue(folder: Path = CATALOGUE, *, note: str = "") -> Loaded:
    """Publish the rules of *folder* as a new rule-set version, unless the newest one already holds exactly them.

    Adds the instruments, bodies and parameters that the rules name and the register lacks; what the register already
    has is left as it is, because an administrator may have corrected it (*parameters_kept* names such values).
    Raises InputRefused (RULES_INCOMPLETE) when a rule lacks a text, a severity or a place in the cascade.
    """
    content = _read(folder)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('checks.load_catalogue'))")
        instruments = _add_instruments(content["instruments"])
        _add_bodies(content["bodies"])
        added, kept = _add_parameters(content["parameters"], instruments)
        rows = [_row(entry, place, instruments) for place, entry in enumerate(content["rules"], start=1)]
        problems = catalogue_problems(rows, set(Parameter.objects.values_list("code", flat=True)))
        if problems:
            raise InputRefused(
                _("The rule catalogue is incomplete."), code="RULES_INCOMPLETE", where="; ".join(problems[:5])
            )
        sha256 = _sha256(content["rules"])
        newest = RuleSet.objects.filter(published_at__isnull=False).order_by("-version").first()
        if newest is not None and newest.content_sha256 == sha256:
            return Loaded(newest, False, len(rows), added, kept)
        highest = RuleSet.objects.order_by("-version").values_list("version", flat=True).first() or 0
        rule_set = RuleSet.objects.create(
            version=highest + 1, published_at=timezone.now(), note=note or _("Rule catalogue"), content_sha256=sha256
        )
        Rule.objects.bulk_create([Rule(rule_set=rule_set, **row) for row in rows])
    return Loaded(rule_set, True, len(rows), added, kept)


def _read(folder: Path) -> dict[str, Any]:
    def table(name: str) -> dict[str, Any]:
        return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))

    return {
        "instruments": table("instruments"),
        "bodies": table("bodies"),
        "parameters": table("parameters")["parameter"],
        "rules": table("rules")["rule"],
    }


def _sha256(rules: Any) -> str:
    text = json.dumps(rules, sort_keys=True, ensure_ascii=False, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


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
    Parameter.objects.bulk_create(
        [Parameter(**{**entry, "instrument": instruments[entry["instrument"]]}) for entry in new]
    )
    kept = [
        entry["code"]
        for entry in entries
        if known.get((entry["code"], entry["valid_from"]), float(entry["value"])) != float(entry["value"])
    ]
    return len(new), tuple(kept)


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
