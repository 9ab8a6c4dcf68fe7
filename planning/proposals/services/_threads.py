"""Which thread does an act on a comment concern? Fetched within its proposal, so that keys cannot be mixed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from layers.errors import InputRefused, NotFound
from planning.proposals.models import Comment, Proposal


def opening_of(proposal: Proposal, comment: Comment) -> Comment:
    """Return the locked comment that opened the thread *comment* belongs to. Raises NotFound for another proposal's."""
    key = comment.parent_id if comment.parent_id is not None else comment.pk
    opening = Comment.objects.select_for_update(of=("self",)).filter(pk=key, proposal=proposal).first()
    if opening is None:
        raise NotFound(_("There is no such comment."), where=proposal.code)
    return opening


def required_text(text: str) -> str:
    """Return *text* without outer blanks. Raises InputRefused when nothing is left."""
    clean = text.strip()
    if not clean:
        raise InputRefused(_("The comment is empty."), code="COMMENT_EMPTY", todo=_("Write what you mean."))
    return clean
