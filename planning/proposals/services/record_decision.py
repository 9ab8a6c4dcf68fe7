"""How does the committee's decision enter the record? Written down by a third person; the system never decides.

What approval changes in the books is in `planning.proposals.services._register`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import Conflict, InputRefused
from planning.people.models import User
from planning.proposals.models import Decision, DecisionOutcome, Proposal, SignOff, State, ZoneVersion
from planning.proposals.reasons import Reason, Topic, refusal
from planning.proposals.services._files import receive, removed_on_failure
from planning.proposals.services._frame import act, move, record
from planning.proposals.services._register import enter_approved_boundary
from planning.proposals.workflow import Verb

DECISION_RECORDED = "decision_recorded"
STATE_AFTER = {DecisionOutcome.APPROVED: State.APPROVED, DecisionOutcome.REFUSED: State.REFUSED}


def record_decision(
    actor: User,
    proposal: Proposal,
    *,
    outcome: str,
    number: str,
    decided_on: date,
    signer: str,
    file: File[bytes],
    version: ZoneVersion,
    geom_hash: str,
    signer_title: str = "",
    conditions: Sequence[Mapping[str, object]] = (),
    note: str = "",
) -> Decision:
    """Record the decision about *version* (with its *geom_hash*, as the recorder saw it) of a forwarded proposal.

    *outcome* approved or refused; *number* as printed, unique; *conditions* a list of ``{"text": …, "at": [E, N]}``.
    An approval writes cluster, decided boundary and areas into the register in the same transaction. Raises
    TransitionRefused when the version or hash is not the one signed off, Conflict for a number already recorded,
    InputRefused for missing facts.
    """
    decided = _outcome(outcome)
    _check_facts(number, signer, decided_on)
    received = receive(file)
    with removed_on_failure() as stored, act(actor, proposal, Verb.RECORD_DECISION) as (row, step):
        signed = SignOff.objects.select_related("version", "appraisal").get(proposal=row, round=row.round)
        _same_version(row, signed, version, geom_hash)
        _not_before(signed, decided_on)
        if Decision.objects.filter(number=number.strip()).exists():
            raise _number_taken(number)
        decision = Decision(
            proposal=row,
            round=row.round,
            version=signed.version,
            by=actor,
            appraised_by=signed.appraised_by,
            signed_off_by=signed.by,
            outcome=decided,
            number=number.strip(),
            decided_on=decided_on,
            signer=signer.strip(),
            signer_title=signer_title.strip(),
            file_sha256=received.sha256,
            geom_hash=signed.version.geom_hash,
            conditions=[dict(condition) for condition in conditions],
            note=note.strip(),
        )
        decision.file.save(f"{row.code}-{row.round}{received.suffix}", file, save=False)
        stored.append(decision.file)
        _insert(decision)
        cluster = row.cluster
        if decided == DecisionOutcome.APPROVED:
            cluster = enter_approved_boundary(actor, row, decision)
        move(row, step, STATE_AFTER[decided], cluster=cluster)
        record(
            actor,
            DECISION_RECORDED,
            row,
            {
                "decision": decision.pk,
                "outcome": decided,
                "number": decision.number,
                "decided_on": decided_on,
                "version": signed.version.number,
                "geom_hash": decision.geom_hash,
                "file_sha256": decision.file_sha256,
                "cluster": cluster.slug if cluster is not None else "",
            },
        )
    return decision


def _outcome(outcome: str) -> DecisionOutcome:
    if outcome not in {str(value) for value in STATE_AFTER}:
        raise InputRefused(_("A decision on a proposal approves or refuses it."), code="OUTCOME_UNKNOWN", where=outcome)
    return DecisionOutcome(outcome)


def _check_facts(number: str, signer: str, decided_on: date) -> None:
    if not number.strip():
        raise InputRefused(
            _("The decision has no number."), code="NUMBER_MISSING", todo=_("Copy the number from the paper.")
        )
    if not signer.strip():
        raise InputRefused(
            _("The decision has no signer."), code="SIGNER_MISSING", todo=_("Copy the signer's name from the paper.")
        )
    if decided_on > timezone.localdate():
        raise InputRefused(
            _("The decision is dated in the future."),
            code="DECISION_DATE",
            where=f"{decided_on:%d/%m/%Y}",
            todo=_("Check the date on the paper."),
        )


def _not_before(signed: SignOff, decided_on: date) -> None:
    if decided_on < timezone.localdate(signed.at):
        raise InputRefused(
            _("The decision is dated before the appraisal was signed off."),
            code="DECISION_DATE",
            where=f"{decided_on:%d/%m/%Y}",
            todo=_("Check the date on the paper."),
        )


def _same_version(proposal: Proposal, signed: SignOff, version: ZoneVersion, geom_hash: str) -> None:
    if version.pk == signed.version_id and geom_hash == signed.version.geom_hash:
        return
    raise refusal(
        [
            Reason(
                "VERSION_MISMATCH",
                Topic.STATE,
                _("The decision would be recorded about another version than the one signed off."),
                where=f"{proposal.code} v{signed.version.number}",
                todo=_("Open the proposal again and look at the version that was signed off."),
            )
        ]
    )


def _insert(decision: Decision) -> None:
    """Insert the row; a number recorded at the same moment by somebody else is told as such."""
    try:
        with transaction.atomic():
            decision.save()
    except IntegrityError as error:
        if "number" in str(error.__cause__):
            raise _number_taken(decision.number) from error
        raise


def _number_taken(number: str) -> Conflict:
    return Conflict(
        _("A decision with this number is already recorded."),
        code="NUMBER_TAKEN",
        where=number.strip(),
        todo=_("Check the number on the paper; look the other decision up."),
    )
