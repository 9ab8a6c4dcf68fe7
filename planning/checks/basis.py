"""Against what does the check ask on a day? The rule set in force and one edition per layer, cached per process.

The cache is keyed by a stamp that one cheap query reads; it never outlives a published rule set, edition or parameter.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import F, Func, TextField
from django.utils.translation import gettext as _

from layers.errors import Conflict, NotFound
from layers.models import AdminUnit, Edition
from layers.queries import review_due_after
from planning.checks.contact import contact_of
from planning.checks.coverage import Coverage
from planning.checks.models import RuleSet
from planning.checks.rules import compile_rules, parameters_on
from planning.checks.types import Basis, EditionRef, Words

# Names of bodies and instruments are not in the stamp; a renamed one shows after this many seconds.
_KEEP_S = 60.0
_kept: dict[tuple[str, date], tuple[str, float, Basis]] = {}
_lock = threading.Lock()


def basis_on(day: date) -> Basis:
    """Return the basis of checks on *day*.

    Raises NotFound (NO_RULE_SET) when no rule set was ever published: without questions nothing is clear.
    """
    alias = str(connection.settings_dict["NAME"])
    stamp = _stamp()
    kept = _kept.get((alias, day))
    if kept is not None and kept[0] == stamp and time.monotonic() - kept[1] < _KEEP_S:
        return kept[2]
    basis = replace(_build(day), stamp=stamp)
    with _lock:
        if len(_kept) > 32:
            _kept.clear()
        _kept[alias, day] = (stamp, time.monotonic(), basis)
    return basis


def basis_at_hand(day: date) -> Basis:
    """Return what this process last built for *day* without asking whether it still holds, else `basis_on`.

    For `planning.checks.engine.check_live` only, which compares its stamp with that of the moment of the answer.
    """
    kept = _kept.get((str(connection.settings_dict["NAME"]), day))
    if kept is None or time.monotonic() - kept[1] >= _KEEP_S:
        return basis_on(day)
    return kept[2]


def basis_with(basis: Basis, *, editions: Iterable[int] = (), rule_set_id: int | None = None) -> Basis:
    """Return *basis* asked otherwise: its day, with other editions of their layers and/or the rules of another set.

    *editions*: row numbers, in whatever state they are (staged, retired); each takes the place of its layer's edition,
    also of one that has none. *rule_set_id*: also one that was never published. Never cached. Raises NotFound for a
    number that does not exist (EDITION_UNKNOWN, NO_RULE_SET), Conflict (EDITION_NOT_BUILT) when the parts that
    questions run on were not built or were dropped since: `layers.services.ensure_derived` builds them.
    """
    numbers = sorted(set(editions))
    rules, version = basis.rules, basis.rule_set_version
    if rule_set_id is None:
        rule_set_id = basis.rule_set_id
    elif rule_set_id != basis.rule_set_id:
        found = RuleSet.objects.filter(pk=rule_set_id).values_list("version", flat=True).first()
        if found is None:
            raise NotFound(_("There is no such rule set."), code="NO_RULE_SET", where=str(rule_set_id))
        rules, version = compile_rules(rule_set_id, basis.date), found
    put = _named(numbers, basis.date)
    asked = {**basis.editions, **put}
    wanted = {rule.layer_code for rule in rules if rule.layer_code}
    return replace(
        basis,
        rule_set_id=rule_set_id,
        rule_set_version=version,
        editions=asked,
        rules=rules,
        missing_layers=tuple(sorted(wanted - asked.keys())),
        coverages={**basis.coverages, **_coverages(put)},
    )


def basis_of_run(stored: Mapping[str, Any]) -> Basis:
    """Rebuild what a kept run was asked against: its day, its version of the rules, its editions (retired ones, too).

    *stored*: ``CheckRun.basis``. Thresholds are those in force on that day as the parameters read now. Never cached.
    Raises Conflict when the run did not keep enough (BASIS_INCOMPLETE), when an edition has other content than the one
    asked (EDITION_DIFFERS), or when its parts were dropped (EDITION_NOT_BUILT, see `basis_with`); NotFound when the
    rule set or an edition no longer exists (NO_RULE_SET, EDITION_UNKNOWN).
    """
    try:
        day, version = date.fromisoformat(stored["date"]), int(stored["ruleset"])
        contents = {int(edition["id"]): str(edition["sha256"]) for edition in stored["editions"]}
    except (KeyError, TypeError, ValueError) as error:
        raise Conflict(
            _("The run did not keep what it was asked against."), code="BASIS_INCOMPLETE", where=str(error)
        ) from error
    rule_set = RuleSet.objects.filter(version=version, published_at__isnull=False).first()
    if rule_set is None:
        raise NotFound(_("There is no such rule set."), code="NO_RULE_SET", where=str(version))
    editions = _named(sorted(contents), day)
    for edition in editions.values():
        if edition.sha256 != contents[edition.id]:
            raise Conflict(
                _("An edition holds other content than the one that was asked."),
                code="EDITION_DIFFERS",
                where=f"{edition.layer_code} {edition.number}",
            )
    rules = compile_rules(rule_set.pk, day)
    wanted = {rule.layer_code for rule in rules if rule.layer_code}
    return Basis(
        date=day,
        rule_set_id=rule_set.pk,
        rule_set_version=version,
        editions=editions,
        rules=rules,
        missing_layers=tuple(sorted(wanted - editions.keys())),
        coverages=_coverages(editions),
        contact=contact_of(parameters_on(day)),
    )


def _named(numbers: list[int], day: date) -> dict[str, EditionRef]:
    """Return editions by layer code, whatever their state."""
    if not numbers:
        return {}
    key = Func(F("coverage"), template="md5(ST_AsBinary(%(expressions)s))", output_field=TextField())
    rows = Edition.objects.filter(pk__in=numbers).defer("coverage", "report").select_related("layer")
    found = {edition.pk: edition for edition in rows.annotate(coverage_key=key)}
    named: dict[str, EditionRef] = {}
    for number in numbers:
        edition = found.get(number)
        if edition is None:
            raise NotFound(_("There is no such edition."), code="EDITION_UNKNOWN", where=str(number))
        if not edition.parts_built:
            raise Conflict(
                _("This edition is not built at this moment, so it cannot be asked."),
                code="EDITION_NOT_BUILT",
                where=str(edition),
                todo=_("Have it rebuilt, then ask again."),
            )
        if edition.layer.code in named:
            raise ValueError(f"two editions of layer {edition.layer.code}: only one can be asked")
        named[edition.layer.code] = _reference(
            {
                "edition_id": edition.pk,
                "layer_code": edition.layer.code,
                "name_vi": edition.layer.name_vi,
                "name_en": edition.layer.name_en,
                "number": edition.number,
                "effective_from": edition.effective_from,
                "sha256": edition.sha256,
                "schematic": edition.schematic,
                "source": edition.source,
                "coverage_key": edition.coverage_key,
                "review_after_days": review_due_after(edition),
            },
            day,
        )
    return named


def forget_basis() -> None:
    """Drop every cached basis of this process; for tests and long-running jobs."""
    with _lock:
        _kept.clear()


def _stamp() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT check_basis_stamp()")
        return str(cursor.fetchone()[0])


def _build(day: date) -> Basis:
    rule_set = RuleSet.objects.filter(published_at__isnull=False).order_by("-version").first()
    if rule_set is None:
        raise NotFound(
            _("No rule set is published yet."),
            code="NO_RULE_SET",
            todo=_("Ask the administrator to load the rule catalogue."),
        )
    rules = compile_rules(rule_set.pk, day)
    editions = _editions(day)
    wanted = {rule.layer_code for rule in rules if rule.layer_code}
    return Basis(
        date=day,
        rule_set_id=rule_set.pk,
        rule_set_version=rule_set.version,
        editions=editions,
        rules=rules,
        missing_layers=tuple(sorted(wanted - editions.keys())),
        coverages=_coverages(editions),
        contact=contact_of(parameters_on(day)),
        home=tuple(Coverage(unit.geom) for unit in AdminUnit.objects.valid_on(day).of_level("province")),
    )


def _editions(day: date) -> dict[str, EditionRef]:
    """Return the edition of every layer that held on *day*: promoted, effective by then, not yet retired."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM check_editions(%s)", [day])
        names = [column[0] for column in cursor.description]
        rows: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row["layer_code"]: _reference(row, day) for row in rows}


def _reference(row: Mapping[str, Any], day: date) -> EditionRef:
    """Name an edition by a row of ``check_editions`` as of *day*."""
    return EditionRef(
        id=row["edition_id"],
        layer_code=row["layer_code"],
        layer=Words(row["name_vi"], row["name_en"]),
        number=row["number"],
        effective_from=row["effective_from"],
        sha256=row["sha256"],
        schematic=row["schematic"],
        source=row["source"],
        coverage_key=row["coverage_key"],
        overdue_days=max(0, (day - row["effective_from"]).days - row["review_after_days"]),
    )


def _coverages(editions: dict[str, EditionRef]) -> dict[str, Coverage]:
    keys = {edition.id: edition.coverage_key for edition in editions.values()}
    one_each = {key: number for number, key in keys.items()}
    found = Edition.objects.filter(pk__in=one_each.values()).values_list("pk", "coverage")
    return {keys[number]: Coverage(geom) for number, geom in found}


def fingerprint(basis: Basis) -> str:
    """Return the SHA-256 of what *basis* asks, whatever the day: rules with their figures, and editions by number."""
    asked = {
        "rule_set": basis.rule_set_id,
        "rules": [_plain(rule) for rule in basis.rules],
        "editions": {code: edition.id for code, edition in basis.editions.items()},
        "contact": basis.contact.as_data(),
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Return a value of a compiled rule as JSON that is the same in every process."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(str(item) for item in value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


@lru_cache(maxsize=4)
def engine_versions(database: str) -> dict[str, str]:
    """Return the versions that the figures of *database* (its name) depend on: engine, PostGIS, GEOS, PROJ."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT postgis_lib_version(), postgis_geos_version(), postgis_proj_version()")
        postgis, geos, proj = cursor.fetchone()
    return {"engine": ENGINE, "postgis": postgis, "geos": geos, "proj": str(proj).split(" ", 1)[0]}


# Raised whenever the same question may get another answer; a re-run then says "engine changed".
ENGINE = "4"

__all__ = [
    "ENGINE",
    "basis_at_hand",
    "basis_of_run",
    "basis_on",
    "basis_with",
    "engine_versions",
    "fingerprint",
    "forget_basis",
]
