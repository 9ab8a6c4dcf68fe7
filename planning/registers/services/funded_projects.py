"""How does a funded project (đề án khuyến công) begin, change and stop? Its money moves in `payments`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from layers.errors import Conflict, InputRefused, TransitionRefused
from layers.models import AdminUnit
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.people.services import record_event
from planning.registers.models import (
    Activity,
    Allocation,
    Contract,
    CraftVillage,
    FundedProject,
    FundedProjectState,
    IndustrialCluster,
    Party,
    PartyKind,
)
from planning.registers.money import dong, whole_dong
from planning.registers.services.locks import lock_project, lock_year, money_of

State = FundedProjectState


@dataclass(frozen=True)
class ProjectInput:
    """What a person enters about a funded project; *location* is a point in the storage CRS."""

    title: str
    allocation: Allocation
    activity: str
    implementer: Party
    beneficiary: Party
    unit: AdminUnit
    granted_vnd: Decimal | int
    counterpart_vnd: Decimal | int = 0
    code: str = ""
    unit_as_reported: str = ""
    location: Point | None = None
    village: CraftVillage | None = None
    cluster: IndustrialCluster | None = None
    recoverable: bool = False
    content_key: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    source: str = ""
    illustrative: bool = False


def build_project(actor: User | None, given: ProjectInput, *, imported: bool) -> FundedProject:
    """Check what was entered and return the row, not yet saved; amounts are whole đồng.

    Raises InputRefused for a missing title, an unknown activity, dates out of order, or a title that names a household.
    """
    title = " ".join(given.title.split())
    if not title:
        raise InputRefused(_("The funded project needs a title."), code="TITLE_MISSING")
    if given.activity not in Activity.values:
        raise InputRefused(_("Choose one of the listed activities."), code="ACTIVITY_UNKNOWN")
    if given.starts_on and given.ends_on and given.ends_on < given.starts_on:
        raise InputRefused(_("The last day is before the first one."), code="DATES_OUT_OF_ORDER")
    for party in (given.implementer, given.beneficiary):
        if party.kind == PartyKind.HOUSEHOLD and party.name.casefold() in title.casefold():
            raise InputRefused(
                _("The title names a private person."),
                code="PERSON_IN_TITLE",
                todo=_("Titles are public: write what is funded and the hamlet, not the name of the household."),
            )
    values = {name: getattr(given, name) for name in entered_names()}
    values.update(
        title=title,
        granted_vnd=whole_dong(given.granted_vnd),
        counterpart_vnd=whole_dong(given.counterpart_vnd, zero_allowed=True),
        unit_as_reported=given.unit_as_reported or given.unit.full_name,
    )
    return FundedProject(
        **values, level=given.allocation.source.level, imported=imported, created_by=actor, state=State.PLANNED
    )


def entered_names() -> tuple[str, ...]:
    """Return the names of the fields that a person enters."""
    return tuple(ProjectInput.__dataclass_fields__)


def next_code(allocation: Allocation) -> str:
    """Return the next free number of the allocation's year, ``KC-2026-007``; call it with the year locked."""
    prefix = f"KC-{allocation.fund_year.year}-"
    used = FundedProject.objects.filter(code__startswith=prefix).values_list("code", flat=True)
    numbers = [int(code.removeprefix(prefix)) for code in used if code.removeprefix(prefix).isdigit()]
    return f"{prefix}{max(numbers, default=0) + 1:03d}"


def enter_project(actor: User, given: ProjectInput) -> FundedProject:
    """Enter a funded project into the plan of its allocation's year.

    Raises NotAllowed, InputRefused (see build_project), Conflict when the year is closed or the number is taken.
    """
    require(actor, Capability.ENTER_FUND, given.unit)
    project = build_project(actor, given, imported=False)
    try:
        with transaction.atomic():
            year = lock_year(given.allocation.fund_year)
            if year.closed_on is not None:
                raise Conflict(_("The year %(year)s is closed.") % {"year": year.year}, code="YEAR_CLOSED")
            project.code = given.code.strip() or next_code(given.allocation)
            project.save()
            record_event(
                actor,
                "enter_project",
                project,
                {"code": project.code, "title": project.title, "granted_vnd": project.granted_vnd},
            )
    except IntegrityError as error:
        raise Conflict(_("This number is already used."), code="CODE_TAKEN", where=project.code) from error
    return project


def sign_contract(
    actor: User, project: FundedProject, *, number: str, signed_on: date, amount_vnd: Decimal | int
) -> Contract:
    """Record the contract with the implementer; advances can be entered from then on.

    Raises NotAllowed, InputRefused when the contract is above the support granted, TransitionRefused when there is one.
    """
    require(actor, Capability.ENTER_FUND, project.unit)
    amount = whole_dong(amount_vnd)
    if not number.strip():
        raise InputRefused(_("The contract needs a number."), code="NUMBER_MISSING")
    with transaction.atomic():
        row = lock_project(project)
        refuse_unless(row, State.PLANNED, doing=_("sign a contract"))
        if amount > row.granted_vnd:
            raise InputRefused(
                _("The contract (%(amount)s) is above the support granted (%(granted)s).")
                % {"amount": dong(amount), "granted": dong(row.granted_vnd)},
                code="CONTRACT_ABOVE_GRANT",
            )
        contract = Contract.objects.create(
            funded_project=row, number=number.strip(), signed_on=signed_on, amount_vnd=amount
        )
        move(row, State.CONTRACTED)
        record_event(actor, "sign_contract", row, {"number": contract.number, "amount_vnd": amount})
    return contract


def extend_project(actor: User, project: FundedProject, *, ends_on: date, reason: str) -> FundedProject:
    """Give a running project more time, with the reason.

    Raises NotAllowed, InputRefused for a missing reason or an earlier day, TransitionRefused when it is over.
    """
    require(actor, Capability.ENTER_FUND, project.unit)
    if not reason.strip():
        raise InputRefused(_("Say why."), code="REASON_MISSING")
    with transaction.atomic():
        row = lock_project(project)
        refuse_unless(row, State.PLANNED, State.CONTRACTED, State.RUNNING, doing=_("extend the project"))
        if row.ends_on is not None and ends_on <= row.ends_on:
            raise InputRefused(_("The new last day is not later than the old one."), code="DATES_OUT_OF_ORDER")
        before, row.ends_on = row.ends_on, ends_on
        row.save(update_fields=["ends_on"])
        record_event(actor, "extend_project", row, {"before": before, "after": ends_on, "reason": reason})
    return row


def stop_project(actor: User, project: FundedProject, *, reason: str) -> FundedProject:
    """Stop a project that is not carried through; what was paid can then be recovered.

    Raises NotAllowed, InputRefused for a missing reason, TransitionRefused when it is over or a payment still waits.
    """
    require(actor, Capability.ENTER_FUND, project.unit)
    if not reason.strip():
        raise InputRefused(_("Say why."), code="REASON_MISSING")
    with transaction.atomic():
        row = lock_project(project)
        refuse_unless(row, State.PLANNED, State.CONTRACTED, State.RUNNING, doing=_("stop the project"))
        money = money_of(row)
        if money.waiting:
            raise TransitionRefused(
                _("A payment still waits to be confirmed or reversed."), code="PAYMENT_WAITING", where=row.code
            )
        move(row, State.STOPPED)
        record_event(actor, "stop_project", row, {"reason": reason, "paid_vnd": money.paid_vnd})
    return row


def refuse_unless(project: FundedProject, *states: FundedProjectState, doing: str) -> None:
    """Do nothing when the locked project is in one of *states*; raise TransitionRefused with a sentence otherwise."""
    if project.state in states:
        return
    raise TransitionRefused(
        _("You cannot %(act)s now: the project is “%(state)s”.") % {"act": doing, "state": project.get_state_display()},
        where=project.code,
    )


def move(project: FundedProject, state: FundedProjectState) -> None:
    """Set the state of a locked project."""
    project.state = state
    project.save(update_fields=["state"])
