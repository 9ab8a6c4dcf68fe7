"""How is a comment answered? By a further comment in its thread; a closed thread takes no more."""

from __future__ import annotations

from django.utils.translation import gettext as _

from layers.errors import Conflict
from planning.people.models import User
from planning.proposals.models import Comment, Proposal
from planning.proposals.services._frame import act, record
from planning.proposals.services._threads import opening_of, required_text
from planning.proposals.workflow import Verb


def answer_comment(actor: User, proposal: Proposal, *, comment: Comment, text: str) -> Comment:
    """Answer the thread of *comment*. Raises InputRefused for an empty text, Conflict for a closed thread."""
    clean = required_text(text)
    with act(actor, proposal, Verb.ANSWER_COMMENT) as (row, _step):
        opening = opening_of(row, comment)
        if opening.closed_at is not None:
            raise Conflict(
                _("This thread is closed."), code="THREAD_CLOSED", where=row.code, todo=_("Open a new comment.")
            )
        answer = Comment.objects.create(
            proposal=row, version=opening.version, parent=opening, anchor=opening.anchor, text=clean, author=actor
        )
        record(actor, Verb.ANSWER_COMMENT, row, {"comment": opening.pk, "answer": answer.pk})
    return answer
