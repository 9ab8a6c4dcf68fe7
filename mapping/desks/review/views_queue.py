"""What waits, for whom, how urgently? The queue: a table and a map filtered together."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from layers.models import AdminUnit
from mapping.desks.review.door import reviewer
from mapping.downloads import downloads, given
from mapping.glass.geojson import feature, feature_collection
from mapping.papers.export import TYPES
from mapping.papers.proposal_list import COLUMNS, proposal_list
from mapping.severity import verdict_severity
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import capabilities_of
from planning.proposals.models import ProposalKind, State
from planning.proposals.queries import IN_THE_QUEUE, Row, review_queue

# Every state that was ever sent; drafts are not the department's.
SENT = tuple(state for state in State if state != State.DRAFT)


@dataclass(frozen=True)
class SavedFilter:
    """One tab over the queue: *states* it shows, and the office it is first for.

    *disputed*: only files whose report somebody disagrees with and nobody has ruled on; *measured*: only those whose
    measurements wait for an answer. *waits*: what is on it waits for somebody, so its number is shown.
    """

    code: str
    title: str | Promise
    states: tuple[State, ...]
    first_for: Capability | None = None
    disputed: bool = False
    measured: bool = False
    waits: bool = True

    def holds(self, row: Row) -> bool:
        """Tell whether *row*, of the queue, is on this tab."""
        open_dispute = row.verdicts is not None and row.verdicts.open > 0
        return (
            row.proposal.state in self.states
            and (open_dispute or not self.disputed)
            and (row.measured or not self.measured)
        )


SAVED_FILTERS = (
    SavedFilter("tiep-nhan", _("To accept"), (State.SUBMITTED,), Capability.ACCEPT_DOSSIER),
    SavedFilter("tham-dinh", _("To appraise"), (State.UNDER_REVIEW,), None),
    SavedFilter("y-kien", _("Disagreements"), IN_THE_QUEUE, None, disputed=True),
    SavedFilter("ky-duyet", _("To sign off"), (State.APPRAISED,), Capability.SIGN_OFF),
    SavedFilter("quyet-dinh", _("To record the decision"), (State.FORWARDED,), Capability.RECORD_DECISION),
    SavedFilter("do-dac", _("Measurements to answer"), (State.BEING_SURVEYED,), None, measured=True),
    SavedFilter("dang-xu-ly", _("All in hand"), IN_THE_QUEUE, None),
    SavedFilter("tat-ca", _("Everything sent"), SENT, None, waits=False),
)


class QueueFilter(forms.Form):
    """Narrow the queue."""

    unit = forms.ModelChoiceField(
        label=_("Unit"), queryset=AdminUnit.objects.none(), required=False, empty_label=_("All units")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All kinds")), *ProposalKind.choices], required=False)
    late = forms.BooleanField(label=_("Overdue only"), required=False)

    def __init__(self, data: object, rows: list[Row]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # the query, or None
        units = {row.proposal.unit_id for row in rows}
        self.fields["unit"].queryset = AdminUnit.objects.filter(pk__in=units).order_by("name")  # type: ignore[attr-defined]  # typed as the base of all fields


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show the queue with the tab that is first for this person's office."""
    user = reviewer(request)
    tab = _chosen_tab(request, user)
    rows = _rows_of(tab, user)
    form = QueueFilter(request.GET, rows)
    shown = _filtered(rows, form)
    waiting = review_queue(user, states=(*IN_THE_QUEUE, State.BEING_SURVEYED))
    context = {
        "tabs": [
            {"tab": each, "count": sum(each.holds(row) for row in waiting) if each.waits else 0}
            for each in SAVED_FILTERS
        ],
        "tab": tab,
        "form": form,
        "rows": [{"row": row, "sev": _severity(row), "other": _other_severity(row)} for row in shown],
        "hidden": len(rows) - len(shown),
        "map_data": _map_data(shown),
        "files": downloads(
            lambda kind: reverse("review:download", args=[kind]),
            {**request.GET.dict(), "loc": tab.code},
            tuple(TYPES),
            count=len(shown),
            by_map=True,
            by_ticks=True,
        ),
        "may_compare": Capability.COMPARE in capabilities_of(user),
    }
    return render(request, "review/queue.html", context)


@require_safe
def download(request: HttpRequest, kind: str) -> FileResponse:
    """Give the queue as the page shows it, zones included, as a file."""
    user = reviewer(request)
    rows = _rows_of(_chosen_tab(request, user), user)
    shown = _filtered(rows, QueueFilter(request.GET, rows))
    return given(request, proposal_list(shown), COLUMNS, kind, name="ho-so", title=gettext("Proposals"))


def _rows_of(tab: SavedFilter, user: User) -> list[Row]:
    return [row for row in review_queue(user, states=tab.states) if tab.holds(row)]


def _chosen_tab(request: HttpRequest, user: User) -> SavedFilter:
    by_code = {each.code: each for each in SAVED_FILTERS}
    wanted = by_code.get(request.GET.get("loc", ""))
    if wanted is not None:
        return wanted
    held = capabilities_of(user)
    own = [each for each in SAVED_FILTERS if each.first_for in held]
    for each in own:
        if review_queue(user, states=each.states):
            return each
    return by_code["dang-xu-ly"] if len(own) != 1 else own[0]


def _filtered(rows: list[Row], form: QueueFilter) -> list[Row]:
    if not form.is_valid():
        return rows
    unit, kind, late = form.cleaned_data["unit"], form.cleaned_data["kind"], form.cleaned_data["late"]
    return [
        row
        for row in rows
        if (unit is None or row.proposal.unit_id == unit.pk)
        and (not kind or row.proposal.kind == kind)
        and (not late or (row.clock is not None and row.clock.overdue))
    ]


def _severity(row: Row) -> str:
    """Return the severity code the verdict wears; without a run nothing is known."""
    return verdict_severity(row.verdicts.effective if row.verdicts is not None else "")


def _other_severity(row: Row) -> str:
    """Return the severity of the verdict's other value while a finding is disagreed with, else nothing."""
    both = row.verdicts
    other = both is not None and both.contested and both.if_accepted != both.effective
    return verdict_severity(both.if_accepted) if both is not None and other else ""


def _map_data(rows: list[Row]) -> dict[str, object]:
    return feature_collection(
        [
            feature(
                row.version.geom,
                {"code": row.proposal.code, "name": row.proposal.name, "sev": _severity(row), "href": _href(row)},
            )
            for row in rows
            if row.version is not None
        ]
    )


def _href(row: Row) -> str:
    return reverse("review:file", args=[row.proposal.code])
