"""Under which address name does a record enter the register? Names without tones, one at a time, never twice.

Whether two records mean the same place is only asked within one commune; elsewhere the same name is another place.
"""

from __future__ import annotations

import re

from django.db import connection

from layers.errors import Conflict
from layers.models import AdminUnit
from planning.registers.models import CraftVillage, IndustrialCluster
from planning.registers.queries.search import folded

SLUG_LENGTH = 70
Register = type[CraftVillage] | type[IndustrialCluster]


def one_at_a_time(register: Register) -> None:
    """Let nobody else give an address name in *register* until the transaction ends."""
    key = "registers.village.slug" if register is CraftVillage else "registers.cluster.slug"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [key])


def free_slug(register: Register, name: str, otherwise: str) -> str:
    """Return an address name made from *name* without tones, or from *otherwise*; a number follows when it is taken."""
    base = re.sub(r"[^a-z0-9]+", "-", folded(name))[:SLUG_LENGTH].strip("-") or otherwise
    taken = set(register._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def refuse_same_name(register: Register, name: str, unit: AdminUnit, sentence: str, but: int = 0) -> None:
    """Refuse with *sentence* a name that another record (other than *but*) of the commune has, tones aside.

    Raises Conflict.
    """
    others = register._default_manager.filter(unit=unit).exclude(pk=but).values_list("name", flat=True)
    if folded(name) in {folded(other) for other in others}:
        raise Conflict(sentence, code="NAME_EXISTS", where=f"{name}, {unit.full_name}")
