"""How does a paper enter a dossier? As a hashed file for one requirement; a newer one never erases the older."""

from __future__ import annotations

from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import InputRefused
from planning.people.models import User
from planning.proposals.dossier import requirements_on
from planning.proposals.models import DossierItem, DossierRequirement, Proposal
from planning.proposals.services._files import receive, removed_on_failure
from planning.proposals.services._frame import act, record, write
from planning.proposals.workflow import Verb


def attach_item(actor: User, proposal: Proposal, *, requirement: str, file: File[bytes]) -> DossierItem:
    """Attach *file* for the requirement with the code *requirement* of the proposal's kind.

    The same content again changes nothing. Raises InputRefused for a paper this dossier does not need, FormatRefused
    and LimitExceeded for the file.
    """
    received = receive(file)
    with removed_on_failure() as stored, act(actor, proposal, Verb.ATTACH_ITEM) as (row, _step):
        wanted = _requirement(row, requirement)
        older = DossierItem.objects.filter(proposal=row, requirement=wanted, replaced_at__isnull=True).first()
        if older is not None and older.sha256 == received.sha256:
            return older
        if older is not None:
            older.replaced_at = timezone.now()
            older.save(update_fields=["replaced_at"])
        item = DossierItem(
            proposal=row,
            requirement=wanted,
            original_name=received.name,
            sha256=received.sha256,
            size=received.size,
            attached_by=actor,
        )
        item.file.save(f"{row.code}-{wanted.code}{received.suffix}", file, save=False)
        stored.append(item.file)
        item.save()
        write(row)
        record(
            actor,
            Verb.ATTACH_ITEM,
            row,
            {"item": wanted.code, "file": received.name, "sha256": received.sha256, "replaces": older is not None},
        )
    return item


def _requirement(proposal: Proposal, code: str) -> DossierRequirement:
    for requirement in requirements_on(proposal.kind, timezone.localdate()):
        if requirement.code == code:
            return requirement
    raise InputRefused(_("This dossier does not need such a paper."), code="ITEM_UNKNOWN", where=code)
