"""How is a read file taken? Once, whole or without the rows left out, under the lock of its row.

What was left out is kept as a file of its own, with the reason of each row.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from layers.errors import Conflict, DatNgheError, InputRefused, TransitionRefused
from layers.said import gettext as _
from layers.said import join
from mapping.desks.intake.flow import chosen_of, read_again
from mapping.desks.intake.models import Arrival, ArrivalState
from mapping.desks.intake.purposes.base import Taken
from mapping.desks.intake.purposes.registry import purpose_of
from mapping.desks.intake.rejects import keep_rejected

if TYPE_CHECKING:
    from layers.intake.candidates import CrsCandidate
    from layers.intake.read import Intake

logger = logging.getLogger(__name__)


def take(arrival_id: int, told: Mapping[str, str], *, by_worker: bool = False) -> Taken:
    """Make the file what it is for; raises what the verb raises, and then nothing was taken and the file waits again.

    Two at once take it once: the second finds it taken and raises TransitionRefused.
    """
    with transaction.atomic():
        arrival = Arrival.objects.select_for_update(of=("self",)).select_related("person").get(pk=arrival_id)
        expected = ArrivalState.TAKING if by_worker else ArrivalState.READY
        if arrival.state != expected:
            raise TransitionRefused(_("This file is not waiting to be taken."), where=arrival.get_state_display())
        purpose = purpose_of(arrival.purpose)
        purpose.door(arrival.person, arrival.target)
        intake = read_again(arrival)
        candidate = intake.candidate(_settled_key(arrival, intake))
        taken = purpose.take(arrival.person, arrival, intake, chosen_of(arrival, candidate, told))
        rejected = _left_out(arrival, intake, candidate, taken)
        arrival.move(ArrivalState.TAKEN, became=taken.address, rejected=rejected, picture=None, problem={})
        arrival.note("TAKEN", taken.message, arrival.person)
    return taken


def take_in_worker(arrival_id: int, told: Mapping[str, str]) -> None:
    """Take a large file; a refusal is written on the row and the file waits again."""
    try:
        take(arrival_id, told, by_worker=True)
    except DatNgheError as problem:
        _wait_again(arrival_id, problem)
    except Exception:
        logger.exception("taking arrival %s failed", arrival_id)
        ours = InputRefused(
            _("Taking the file failed on our side."),
            code="SERVER_ERROR",
            todo=_("Try again; tell the administrator if it happens twice."),
        )
        _wait_again(arrival_id, ours)
        raise


def _wait_again(arrival_id: int, problem: DatNgheError) -> None:
    arrival = Arrival.objects.get(pk=arrival_id)
    arrival.move(ArrivalState.READY, problem=problem_facts(problem))
    arrival.note(problem.code, join(" ", [problem.message, problem.where]), arrival.person)


def problem_facts(problem: DatNgheError) -> dict[str, Any]:
    """Return a refusal as the page shows it."""
    message, todo = str(problem.message), str(problem.todo)
    if isinstance(problem, Conflict) and problem.code == "DRAFT_STALE":
        message = _("Somebody changed the drawing while you looked at this file.")
        todo = _("Look at the drawing first; taking the file now replaces what it shows.")
    return {
        "code": problem.code,
        "message": message,
        "where": str(problem.where),
        "todo": todo,
        "status": problem.status,
        "offers": [],
    }


def _settled_key(arrival: Arrival, intake: Intake) -> str:
    key = str(arrival.answers.get("crs", ""))
    return key or intake.candidates[0].key


def _left_out(arrival: Arrival, intake: Intake, candidate: CrsCandidate, taken: Taken) -> str:
    """Store the rows that were not taken; return the place, empty for none."""
    reasons = {line["number"]: line["refused"] for line in arrival.facts["verdicts"]["lines"]}
    reasons |= {line.number: dict(line.refused or {}) for line in taken.refused}
    late = {line.number for line in taken.refused}
    numbers = {int(number) for number in arrival.answers.get("left_out", ())} | late
    return keep_rejected(intake, candidate, numbers, reasons)
