"""How is an implementer or beneficiary named, inside and in public? A person's name never reaches the public name."""

from __future__ import annotations

from django.utils.translation import gettext as _

from layers.errors import InputRefused
from layers.models import AdminUnit
from planning.registers.models import Party, PartyKind

HOUSEHOLD = "Một hộ gia đình"  # a register entry, therefore Vietnamese, like the names around it


def public_name_of(name: str, kind: str, unit: AdminUnit | None) -> str:
    """Return what the public reads: the name of an entity, or "a household in …" for a person (kept in Vietnamese)."""
    if kind != PartyKind.HOUSEHOLD:
        return name
    return f"{HOUSEHOLD} ở {unit.full_name}" if unit is not None else HOUSEHOLD


def party_named(name: str, kind: str, unit: AdminUnit | None = None) -> Party:
    """Return the party of that name and kind, created when new.

    A household is kept apart by its unit, because two households may share a name. Raises InputRefused for an empty
    name or an unknown kind.
    """
    cleaned = " ".join(name.split())
    if not cleaned:
        raise InputRefused(_("A name is missing."), code="NAME_MISSING")
    if kind not in PartyKind.values:
        raise InputRefused(_("Say whether it is a legal entity, a public body or a household."), code="KIND_UNKNOWN")
    found = Party.objects.filter(name=cleaned, kind=kind)
    if kind == PartyKind.HOUSEHOLD:
        found = found.filter(unit=unit)
    return found.order_by("pk").first() or Party.objects.create(
        name=cleaned, kind=kind, unit=unit, public_name=public_name_of(cleaned, kind, unit)
    )
