"""How do time limits and dossier requirements get into the house? From catalogue files; again changes nothing.

It never removes a row: what a kept dossier was asked for stays readable. A row that ends gets its last day in the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from layers.errors import InputRefused
from layers.models import LegalInstrument
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.people.services import record_event
from planning.proposals.models import ClockRule, DossierRequirement

CATALOGUE = Path(__file__).resolve().parent.parent / "catalogue"
INSTRUMENT_FACTS = ("title", "title_en", "issuer", "issued_on", "in_force_from", "in_force_to")


def load_procedure_catalogue(actor: User | None = None, *, folder: Path = CATALOGUE) -> dict[str, int]:
    """Load ``clocks.toml`` and ``dossier.toml``; return how many rows of each kind were added or changed.

    *actor* None means the house itself (set-up, demo). Raises NotAllowed for a person without the parameters,
    InputRefused when a row cites an instrument nobody knows.
    """
    if actor is not None:
        require(actor, Capability.MANAGE_PARAMETERS)
    clocks, dossier = _read(folder / "clocks.toml"), _read(folder / "dossier.toml")
    with transaction.atomic():
        for facts in [*clocks.get("instrument", ()), *dossier.get("instrument", ())]:
            _instrument(facts)
        changed = {
            "clocks": sum(_clock(facts) for facts in clocks.get("clock", ())),
            "requirements": sum(_requirement(facts) for facts in dossier.get("requirement", ())),
        }
        if any(changed.values()):
            record_event(actor, "load_procedure_catalogue", ("proposals.catalogue", "procedure"), changed)
    return changed


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _instrument(facts: Mapping[str, Any]) -> None:
    """Add an instrument that is not there yet; one that the ground floor already knows is left as it is."""
    values = {name: facts[name] for name in INSTRUMENT_FACTS if name in facts}
    LegalInstrument.objects.get_or_create(number=facts["number"], defaults=values)


def _cited(facts: Mapping[str, Any]) -> LegalInstrument:
    instrument = LegalInstrument.objects.filter(number=facts["instrument"]).first()
    if instrument is None:
        raise InputRefused(
            _("The catalogue cites an instrument that is not in the house."),
            code="INSTRUMENT_UNKNOWN",
            where=str(facts["instrument"]),
            todo=_("Add the instrument to the catalogue first."),
        )
    return instrument


def _clock(facts: Mapping[str, Any]) -> bool:
    wanted = {
        "title_vi": facts["title_vi"],
        "title_en": facts["title_en"],
        "days": facts["days"],
        "counted_in": facts["counted_in"],
        "instrument": _cited(facts),
        "article": facts.get("article", ""),
        "valid_to": facts.get("valid_to"),
    }
    key = {"step": facts["step"], "valid_from": facts["valid_from"]}
    return _write(ClockRule, key, wanted)


def _requirement(facts: Mapping[str, Any]) -> int:
    wanted = {
        "order": facts["order"],
        "title_vi": facts["title_vi"],
        "title_en": facts["title_en"],
        "mandatory": facts.get("mandatory", True),
        "generated": facts.get("generated", False),
        "instrument": _cited(facts),
        "article": facts.get("article", ""),
        "valid_to": facts.get("valid_to"),
    }
    keys = [
        {"proposal_kind": kind, "code": facts["code"], "valid_from": facts["valid_from"]} for kind in facts["kinds"]
    ]
    return sum(_write(DossierRequirement, key, wanted) for key in keys)


def _write(
    model: type[ClockRule] | type[DossierRequirement], key: Mapping[str, Any], wanted: Mapping[str, Any]
) -> bool:
    row = model._default_manager.filter(**key).first()
    if row is None:
        model._default_manager.create(**key, **wanted)
        return True
    if all(getattr(row, name) == value for name, value in wanted.items()):
        return False
    for name, value in wanted.items():
        setattr(row, name, value)
    row.save()
    return True
