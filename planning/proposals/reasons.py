"""How does the procedure say why something cannot be done yet? One small value for pages, guards and errors.

It never decides: guards and readiness checks make reasons, `planning.proposals.workflow` refuses because of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from layers.errors import TransitionRefused


class Topic(StrEnum):
    """The part of a proposal a reason is about; a desk links it to the tab where it is mended."""

    BOUNDARY = "boundary"
    DETAILS = "details"
    REPORT = "report"
    DOSSIER = "dossier"
    FUNDING = "funding"
    COMMENTS = "comments"
    PEOPLE = "people"
    STATE = "state"


@dataclass(frozen=True)
class Reason:
    """Say what is missing (*text*), at which place or paper (*where*) and what to do (*todo*)."""

    code: str
    topic: Topic
    text: str
    where: str = ""
    todo: str = ""

    def as_data(self) -> dict[str, str]:
        """Return the reason as plain texts for JSON."""
        return {key: str(value) for key, value in asdict(self).items()}


def refusal(reasons: Sequence[Reason]) -> TransitionRefused:
    """Build the error that carries all *reasons* at once; the first one names code, place and next step.

    Raises ValueError for an empty list: a refusal without a reason is a programming mistake.
    """
    if not reasons:
        raise ValueError("a refusal needs a reason")
    first = reasons[0]
    return TransitionRefused(
        " ".join(reason.text for reason in reasons),
        code=first.code,
        where=first.where,
        todo=first.todo,
        detail={"reasons": [reason.as_data() for reason in reasons]},
    )
