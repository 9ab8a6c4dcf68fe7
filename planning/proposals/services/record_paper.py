"""How is a generated paper kept? With the version it is about and its hash; append-only."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from layers.errors import InputRefused
from planning.people.models import User
from planning.proposals.models import Paper, PaperKind, Proposal, ZoneVersion
from planning.proposals.services._files import removed_on_failure
from planning.proposals.services._frame import locked, record


def record_paper(
    actor: User, proposal: Proposal, *, kind: str, version: ZoneVersion, content: bytes, suffix: str = ".docx"
) -> Paper:
    """Keep *content* as a paper of *kind* about *version*; the same bytes again return the paper kept before.

    The caller has fetched the proposal as visible to *actor*. Raises InputRefused for an unknown kind or a version of
    another proposal.
    """
    if kind not in PaperKind.values:
        raise InputRefused(_("This kind of paper is not in the list."), code="PAPER_KIND", where=kind)
    if version.proposal_id != proposal.pk:
        raise InputRefused(_("The version belongs to another proposal."), code="VERSION_MISMATCH", where=proposal.code)
    digest = hashlib.sha256(content).hexdigest()
    with removed_on_failure() as stored, locked(proposal) as row:
        kept = Paper.objects.filter(proposal=row, kind=kind, version=version, sha256=digest).first()
        if kept is not None:
            return kept
        paper = Paper(proposal=row, version=version, kind=kind, sha256=digest, made_by=actor)
        paper.file.save(f"{row.code}-v{version.number}-{kind}{suffix}", ContentFile(content), save=False)
        stored.append(paper.file)
        paper.save()
        record(actor, "make_paper", row, {"kind": kind, "version": version.number, "sha256": digest})
    return paper
