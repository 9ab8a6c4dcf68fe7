"""How does a proposal begin? With a kind, a unit in the planner's scope and a need, new or shared with a rival.

It draws nothing: the draft starts empty.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import Conflict, InputRefused
from layers.models import AdminUnit
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.proposals.models import Draft, Need, Proposal, ProposalKind, State
from planning.proposals.services._frame import record
from planning.registers.models import IndustrialCluster, PlanListEntry

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SETTLED_STATES = (State.APPROVED, State.BEING_SURVEYED, State.SURVEYED, State.IN_FORCE)
KINDS_OF_A_CLUSTER = (ProposalKind.EXPANSION, ProposalKind.ADJUSTMENT)


def start_proposal(
    actor: User,
    *,
    kind: str,
    unit: AdminUnit,
    name: str,
    need_statement: str = "",
    rival_of: Proposal | None = None,
    plan_entry: PlanListEntry | None = None,
    expands: IndustrialCluster | None = None,
) -> Proposal:
    """Start a proposal in *unit*: alternative A of a new need, or the next letter of the need of *rival_of*.

    *expands* names the cluster of an expansion or adjustment. Raises NotAllowed outside the planner's scope,
    InputRefused for an unknown kind, an abolished unit, no name or no cluster to expand, Conflict when an alternative
    of the need was already approved.
    """
    require(actor, Capability.DRAW_PROPOSAL, unit)
    _check_input(kind, unit, name, expands)
    with transaction.atomic():
        if rival_of is None:
            need = Need.objects.create(statement=need_statement.strip(), unit=unit, created_by=actor)
            letter = LETTERS[0]
        else:
            require(actor, Capability.DRAW_PROPOSAL, rival_of.unit)
            need = Need.objects.select_for_update().get(pk=rival_of.need_id)
            letter = _next_letter(need)
        proposal = Proposal.objects.create(
            code=_next_code(),
            kind=kind,
            need=need,
            alternative=letter,
            name=name.strip(),
            unit=unit,
            plan_entry=plan_entry,
            expands=expands,
            created_by=actor,
        )
        Draft.objects.create(proposal=proposal, saved_by=actor)
        record(actor, "start_proposal", proposal, {"kind": kind, "alternative": letter, "need": need.pk})
    return proposal


def _check_input(kind: str, unit: AdminUnit, name: str, expands: IndustrialCluster | None) -> None:
    if kind not in ProposalKind.values:
        raise InputRefused(_("This kind of proposal is not in the list."), code="KIND_UNKNOWN", where=kind)
    if unit.valid_to is not None and unit.valid_to < timezone.localdate():
        raise InputRefused(
            _("This administrative unit no longer exists."),
            code="UNIT_ABOLISHED",
            where=unit.full_name,
            todo=_("Choose the unit that took over its territory."),
        )
    if not name.strip():
        raise InputRefused(_("The proposal has no name."), code="NAME_MISSING", todo=_("Give it a name."))
    if kind in KINDS_OF_A_CLUSTER and expands is None:
        raise InputRefused(
            _("An expansion or adjustment concerns a cluster of the register."),
            code="CLUSTER_MISSING",
            todo=_("Choose the cluster."),
        )


def _next_letter(need: Need) -> str:
    alternatives = list(need.alternatives.values_list("alternative", "state"))
    if any(state in SETTLED_STATES for _letter, state in alternatives):
        raise Conflict(
            _("An alternative for this need was already approved."),
            code="NEED_SETTLED",
            todo=_("Start a proposal with a need of its own."),
        )
    used = {letter for letter, _state in alternatives}
    free = [letter for letter in LETTERS if letter > max(used, default="")]
    if not free:
        raise Conflict(_("This need has as many alternatives as there are letters."), code="NEED_FULL")
    return free[0]


def _next_code() -> str:
    """Return the next code of the year, ``DX-2026-0001``, under a lock that ends with the transaction."""
    year = timezone.localdate().year
    prefix = f"DX-{year}-"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('proposals.code'), %s)", [year])
    last = Proposal.objects.filter(code__startswith=prefix).order_by("-code").values_list("code", flat=True).first()
    number = int(last.removeprefix(prefix)) + 1 if last else 1
    return f"{prefix}{number:04d}"
