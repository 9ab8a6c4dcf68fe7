"""How do the law's figures get into the books? From the catalogue file; again changes nothing.

It never changes or removes a row that is there: an administrator may have corrected it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
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
from planning.registers.models import RegisterParameter

CATALOGUE = Path(__file__).resolve().parent.parent / "catalogue"


def load_register_catalogue(actor: User | None = None, *, folder: Path = CATALOGUE) -> dict[str, int]:
    """Load ``parameters.toml``; return how many parameters were added.

    *actor* None means the house itself (set-up, demo). Raises NotAllowed for a person without the parameters,
    InputRefused when a row cites an instrument nobody knows.
    """
    if actor is not None:
        require(actor, Capability.MANAGE_PARAMETERS)
    catalogue = tomllib.loads((folder / "parameters.toml").read_text(encoding="utf-8"))
    with transaction.atomic():
        for facts in catalogue.get("instrument", ()):
            LegalInstrument.objects.get_or_create(
                number=facts["number"], defaults={name: fact for name, fact in facts.items() if name != "number"}
            )
        added = {"parameters": sum(_add(facts) for facts in catalogue.get("parameter", ()))}
        if any(added.values()):
            record_event(actor, "load_register_catalogue", ("registers.catalogue", "parameters"), added)
    return added


def _add(facts: Mapping[str, Any]) -> bool:
    instrument = LegalInstrument.objects.filter(number=facts["instrument"]).first()
    if instrument is None:
        raise InputRefused(
            _("The catalogue cites an instrument that is not in the house."),
            code="INSTRUMENT_UNKNOWN",
            where=str(facts["instrument"]),
            todo=_("Add the instrument to the catalogue first."),
        )
    _row, created = RegisterParameter.objects.get_or_create(
        name=facts["name"],
        valid_from=facts["valid_from"],
        defaults={
            "value": Decimal(facts["value"]),
            "valid_to": facts.get("valid_to"),
            "instrument": instrument,
            "article": facts.get("article", ""),
            "verified": facts["verified"],
        },
    )
    return created
