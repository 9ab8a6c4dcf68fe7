"""What happens to the draft as a whole? It is opened, looked at, brought up to date, published with a note, or dropped.

Single rules are written in `mapping.desks.rules.writing`, trials run in `mapping.desks.rules.trial`.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from layers.errors import Conflict, InputRefused
from mapping.desks.rules.door import open_one, reader, writer
from mapping.desks.rules.forms import PublishForm
from mapping.desks.rules.pages import change_rows, rule_rows
from mapping.desks.rules.shown import Reader
from planning.checks.content import changes_between, contents_of
from planning.checks.models import RuleSet
from planning.checks.rule_sets import newest_published
from planning.checks.services import discard_draft, open_draft, publish_rules, rebase_draft
from planning.people.capabilities import Capability
from planning.people.queries import require
from planning.proposals.dry_run import result_of, still_holds, trials_of


@require_POST
def open_it(request: HttpRequest) -> HttpResponse:
    """Open the next version as a draft, or go to the one that is open."""
    actor = writer(request)
    try:
        open_draft(actor)
    except Conflict as refusal:
        if refusal.code != "DRAFT_OPEN":
            raise
        messages.info(request, refusal.message)
    return redirect("rules:draft")


@require_safe
def draft_page(request: HttpRequest) -> HttpResponse:
    """Show what the draft changes, all its rules, and the last trial."""
    held = reader(request)
    return render(request, "rules/draft.html", _draft_context(open_one(), held))


def _draft_context(draft: RuleSet, held: frozenset[Capability]) -> dict[str, object]:
    base, contents, shown = contents_of(draft.base) if draft.base else {}, contents_of(draft), Reader()
    changes = change_rows(changes_between(base, contents), shown)
    trial = trials_of(draft).first()
    newest = newest_published()
    return {
        "draft": draft,
        "changes": changes,
        "rows": rule_rows(contents, shown, {row.change.code: row.kind for row in changes}),
        "newer": newest if newest is not None and newest.pk != draft.base_id else None,
        "trial": trial,
        "trial_holds": trial is not None and still_holds(trial, draft),
        "trial_result": result_of(trial) if trial is not None else None,
        "may_write": Capability.WRITE_RULES in held,
        "may_publish": Capability.PUBLISH_RULES in held,
    }


@require_POST
def rebase(request: HttpRequest) -> HttpResponse:
    """Bring the draft up to the newest published version."""
    done = rebase_draft(writer(request), open_one())
    if done.both:
        messages.warning(
            request,
            _("Changed on both sides; the draft's words stand, look at them: %(rules)s.")
            % {"rules": ", ".join(done.both)},
        )
    messages.success(
        request, _("The draft is up to date; %(count)s rules were taken over.") % {"count": len(done.taken)}
    )
    return redirect("rules:draft")


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """Show what is about to change and publish it with a note."""
    require(request.user, Capability.PUBLISH_RULES)
    held = reader(request)
    draft = open_one()
    form = PublishForm(request.POST or None, initial={"row_version": draft.row_version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                published = publish_rules(writer(request), draft, given["note"], row_version=given["row_version"])
            except (InputRefused, Conflict) as refusal:
                form.add_error(None, " ".join(part for part in (refusal.message, refusal.where, refusal.todo) if part))
                status = refusal.status
                form.data = {"note": given["note"], "row_version": draft.row_version}
            else:
                messages.success(
                    request,
                    _("Version %(version)s of the rules is in force.") % {"version": published.version},
                )
                return redirect("rules:version", number=published.version)
    return render(request, "rules/publish.html", {**_draft_context(draft, held), "form": form}, status=status)


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    discard_draft(writer(request), open_one())
    messages.success(request, _("The draft was discarded. The record keeps what it said."))
    return redirect("rules:home")
