"""What does the page of a funded project show? Its money, rows, next steps, remarks and log, as one context."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layers.crs import point_to_wgs84
from mapping.desks.fund.forms import (
    AcceptanceForm,
    ContractForm,
    ExtensionForm,
    PaymentForm,
    RecoveryForm,
    ReversalForm,
    SettlementForm,
    StopForm,
    capitalised,
)
from mapping.glass.geojson import to_geojson
from planning.people import log as people_log
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import events_of
from planning.people.services import subject_of
from planning.registers import log as registers_log
from planning.registers.models import FundedProject, FundedProjectState, PartyKind, Payment, PaymentKind
from planning.registers.queries import ProjectMoney, boundary_of, flags_of, project_money

State = FundedProjectState
LOG_LENGTH = 30


@dataclass(frozen=True)
class Act:
    """One step a person can take on the page: address name, words, form."""

    slug: str
    title: Any
    button: Any
    form: type[forms.Form]
    danger: bool = False


ACTS = {
    act.slug: act
    for act in (
        Act("hop-dong", gettext_lazy("Sign the contract"), gettext_lazy("Record the contract"), ContractForm),
        Act("chi", gettext_lazy("Enter a payment"), gettext_lazy("Enter the payment"), PaymentForm),
        Act("nghiem-thu", gettext_lazy("Record the acceptance"), gettext_lazy("Record the acceptance"), AcceptanceForm),
        Act("quyet-toan", gettext_lazy("Record the settlement"), gettext_lazy("Record the settlement"), SettlementForm),
        Act("gia-han", gettext_lazy("Extend the project"), gettext_lazy("Extend"), ExtensionForm),
        Act("thu-hoi", gettext_lazy("Record a recovery"), gettext_lazy("Record the recovery"), RecoveryForm),
        Act("dung", gettext_lazy("Stop the project"), gettext_lazy("Stop the project"), StopForm, danger=True),
    )
}

POSSIBLE: dict[str, tuple[str, ...]] = {
    State.PLANNED: ("hop-dong", "gia-han", "dung"),
    State.CONTRACTED: ("chi", "nghiem-thu", "gia-han", "dung"),
    State.RUNNING: ("nghiem-thu", "chi", "gia-han", "dung"),
    State.ACCEPTED: ("quyet-toan", "chi"),
}

TITLES = {**people_log.EVENT_TITLES, **registers_log.EVENT_TITLES}


def context_of(
    project: FundedProject,
    may: frozenset[Capability],
    user: User | AnonymousUser,
    *,
    failed: tuple[str, forms.Form] | None = None,
    names_shown: bool = False,
) -> dict[str, Any]:
    """Build the page's context; *failed* is a form that was refused, by the slug of its act."""
    today = timezone.localdate()
    money = project_money(project)
    may_enter = Capability.ENTER_FUND in may
    household = PartyKind.HOUSEHOLD in {project.implementer.kind, project.beneficiary.kind}
    return {
        "project": project,
        "money": money,
        "bar": money_bar(money),
        "steps": steps_of(project),
        "flags": flags_of(project, today),
        "payments": payment_rows(project, may, user),
        "acts": acts_for(project, money, failed) if may_enter else [],
        "log": [(event, TITLES.get(event.verb, event.verb)) for event in events_of(*subject_of(project))[:LOG_LENGTH]],
        "place": place_of(project),
        "names_shown": names_shown or not household,
        "may_see_names": household and Capability.SEE_RESTRICTED in may,
        "reversal_form": ReversalForm(),
        "section": "projects",
    }


def acts_for(
    project: FundedProject, money: ProjectMoney, failed: tuple[str, forms.Form] | None
) -> list[dict[str, Any]]:
    """Return the steps that the project's state allows, each with its form; the first one is open."""
    slugs = list(POSSIBLE.get(project.state, ()))
    owed = money.paid_vnd - money.recovered_vnd
    unused = project.state == State.SETTLED and money.settled_vnd < owed
    if owed > 0 and (project.state == State.STOPPED or project.recoverable or unused):
        slugs.append("thu-hoi")
    acts = []
    for number, slug in enumerate(slugs):
        act = ACTS[slug]
        refused = failed is not None and failed[0] == slug
        form = failed[1] if failed is not None and refused else act.form(initial=initial_of(slug, project, money))
        if slug == "chi":
            kind = PaymentKind.FINAL if project.state == State.ACCEPTED else PaymentKind.ADVANCE
            form.fields["kind"].choices = capitalised([(kind.value, kind.label)])  # type: ignore[attr-defined]  # typed as the base of all fields
        acts.append({"act": act, "form": form, "open": refused or (failed is None and number == 0)})
    return acts


def initial_of(slug: str, project: FundedProject, money: ProjectMoney) -> dict[str, Any]:
    """Propose what is most likely: the whole grant, the whole sum paid."""
    if slug == "hop-dong":
        return {"amount_vnd": project.granted_vnd}
    if slug == "quyet-toan":
        return {"settled_vnd": money.paid_vnd}
    return {}


def payment_rows(
    project: FundedProject, may: frozenset[Capability], user: User | AnonymousUser
) -> list[dict[str, Any]]:
    """Return the payments with their state and what this person may do with each."""
    rows = Payment.objects.filter(funded_project=project).select_related(
        "confirmation__confirmed_by", "created_by", "reverses__confirmation", "reversed_by"
    )
    result = []
    for payment in rows:
        confirmed = hasattr(payment, "confirmation")
        reversed_ = hasattr(payment, "reversed_by")
        cancels = payment.reverses is not None and not hasattr(payment.reverses, "confirmation")
        waiting = not confirmed and not reversed_ and not cancels
        own = payment.created_by_id == user.pk
        result.append(
            {
                "payment": payment,
                "confirmed": confirmed,
                "reversed": reversed_,
                "cancels": cancels,
                "waiting": waiting,
                "own": own,
                "may_confirm": waiting and Capability.CONFIRM_FUND in may and not own,
                "may_reverse": not reversed_
                and Capability.ENTER_FUND in may
                and payment.kind in {PaymentKind.ADVANCE, PaymentKind.FINAL}
                and project.state in {State.CONTRACTED, State.RUNNING, State.ACCEPTED, State.STOPPED},
            }
        )
    return result


def money_bar(money: ProjectMoney) -> dict[str, float]:
    """Return the lengths of the bar in per cent of the grant: paid, settled."""

    def share(amount: Decimal) -> float:
        return round(float(min(amount / money.granted_vnd, Decimal(1)) * 100), 2) if money.granted_vnd else 0.0

    return {"paid": share(money.paid_vnd), "settled": share(money.settled_vnd)}


def steps_of(project: FundedProject) -> list[dict[str, str]]:
    """Return the steps of the ledger for the stepper; a stopped project stops where it was."""
    reached = [
        (_("In the plan"), True),
        (_("Contract"), hasattr(project, "contract")),
        (_("Advance"), project.payments.filter(kind=PaymentKind.ADVANCE, confirmation__isnull=False).exists()),
        (_("Acceptance"), hasattr(project, "acceptance") and project.acceptance.passed),
        (_("Settlement"), hasattr(project, "settlement")),
    ]
    steps, now_set = [], False
    for label, done in reached:
        if done:
            steps.append({"label": label, "state": "done"})
        elif project.state in {State.STOPPED, State.RECOVERED}:
            steps.append({"label": label, "state": "stopped"})
        else:
            steps.append({"label": label, "state": "todo" if now_set else "now"})
            now_set = True
    return steps


def place_of(project: FundedProject) -> dict[str, Any] | None:
    """Return where the project is, WGS 84, with its cluster's boundary; None when nothing is known."""
    boundary = boundary_of(project.cluster, timezone.localdate()) if project.cluster is not None else None
    point = project.location
    for other in (project.village, project.cluster):
        point = point or (other.location if other is not None else None)
    if point is None and boundary is None:
        return None
    place = point if point is not None else boundary.geom.point_on_surface  # type: ignore[union-attr]  # one of the two is there
    lon, lat = point_to_wgs84(place.x, place.y)
    return {
        "kind": "project",
        "name": project.code,
        "at": [round(lon, 6), round(lat, 6)],
        "boundary": to_geojson(boundary.geom) if boundary is not None else None,
    }
