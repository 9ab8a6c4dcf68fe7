"""How is one rule of the draft written on a page? A form made for its question, saved only as it was seen.

Changing the question or the layer draws the form anew and saves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from layers.errors import Conflict, InputRefused, NotFound
from mapping.desks.rules.choices import choices_for
from mapping.desks.rules.door import open_one, writer
from mapping.desks.rules.rule_form import RuleForm
from mapping.desks.rules.shown import Reader
from planning.checks.content import FIELDS, Change, Content, fields_changed, rule_content
from planning.checks.models import Question, RuleSet
from planning.checks.placeholders import described, preview, unknown_in
from planning.checks.questions import FORMS
from planning.checks.services import remove_rule, restore_rule, write_rule
from planning.checks.types import Words

BLANK: Content = {
    **dict.fromkeys(FIELDS, ""),
    "order": 500,
    "question": Question.OVERLAP.value,
    "classes": [],
    "distance_m": None,
    "distance_by_class": {},
    "settings": {},
    "severity": "",
    "valid_to": None,
    "verified": False,
}


@require_http_methods(["GET", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    """Add a rule to the draft; ``?nhu=CODE`` begins with the words of another one."""
    writer(request)
    draft = open_one()
    start = dict(BLANK, valid_from=timezone.localdate().isoformat())
    like = draft.rules.select_related("instrument").filter(code=request.GET.get("nhu", "")[:60]).first()
    if like is not None:
        start = {**rule_content(like), "code": "", "verified": False}
    return _page(request, draft, start, row_version=0, is_new=True)


@require_http_methods(["GET", "POST"])
def edit_rule(request: HttpRequest, code: str) -> HttpResponse:
    """Change a rule of the draft."""
    writer(request)
    draft = open_one()
    rule = draft.rules.select_related("instrument").filter(code=code).first()
    if rule is None:
        if request.method != "POST":
            raise NotFound(_("The draft has no such rule."), where=code[:60])
        base = draft.base.rules.select_related("instrument").filter(code=code).first() if draft.base else None
        if base is None:
            raise NotFound(_("The draft has no such rule."), where=code[:60])
        return _page(request, draft, rule_content(base), row_version=0, is_new=False)
    return _page(request, draft, rule_content(rule), row_version=rule.row_version, is_new=False)


def _page(
    request: HttpRequest, draft: RuleSet, start: Mapping[str, Any], *, row_version: int, is_new: bool
) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    question = (posted or start).get("question") or start["question"]
    question = question if question in FORMS else str(start["question"])
    layer = (posted or start).get("layer_code") or ("" if posted else start["layer_code"])
    form = RuleForm(posted, start=start, choices=choices_for(str(question), str(layer)), is_new=is_new)
    context: dict[str, Any] = {"draft": draft, "form": form, "is_new": is_new, "code": start["code"]}
    status = 200
    if posted is not None and "redraw" in posted:
        form.without_errors()
    elif posted is not None:
        answer, status = _save(request, draft, form, context)
        if answer is not None:
            return answer
    seen = str(posted.get("row_version", "")) if posted is not None else ""
    context.setdefault("row_version", int(seen) if seen.isdecimal() else row_version)
    context["placeholders"] = described(str(question))
    context["columns"] = form.choices.columns
    context["shape"] = form.shape
    return render(request, "rules/edit.html", context, status=status)


def _save(
    request: HttpRequest, draft: RuleSet, form: RuleForm, context: dict[str, Any]
) -> tuple[HttpResponse | None, int]:
    """Write the rule; return the way on, or None and the status with which the form is shown again."""
    if not form.is_valid():
        return None, 422
    content = form.content()
    seen = str(request.POST.get("row_version", ""))
    try:
        rule = write_rule(writer(request), draft, content, row_version=int(seen) if seen.isdecimal() else 0)
    except InputRefused as refusal:
        faults = refusal.detail.get("faults")
        if isinstance(faults, list) and faults:
            form.add_faults(faults)
        else:
            form.add_error(None, f"{refusal.message} {refusal.todo}")
        return None, refusal.status
    except Conflict as refusal:
        theirs = refusal.detail.get("theirs")
        context["conflict"] = refusal
        context["row_version"] = refusal.detail.get("row_version", 0)
        if isinstance(theirs, dict):
            change = Change(str(content["code"]), theirs, content, fields_changed(theirs, content))
            context["theirs"] = Reader().difference(change)
        return None, refusal.status
    messages.success(request, _("“%(title)s” is saved in the draft.") % {"title": rule.title_vi})
    return redirect(f"{reverse('rules:draft')}#{rule.code}"), 200


@require_POST
def show_preview(request: HttpRequest) -> HttpResponse:
    """Show how the texts being written read with examples, in both languages; nothing is saved."""
    writer(request)
    question = request.POST.get("question", "")
    texts: dict[str, Any] = {}
    for name in ("text", "next_step"):
        words = Words(request.POST.get(f"{name}_vi", "")[:1_000], request.POST.get(f"{name}_en", "")[:1_000])
        texts[name] = preview(question, words)
        texts[f"{name}_unknown"] = list(
            dict.fromkeys([*unknown_in(question, words.vi), *unknown_in(question, words.en)])
        )
    return render(request, "rules/preview.html", texts)


@require_POST
def remove(request: HttpRequest, code: str) -> HttpResponse:
    """Leave a rule out of the draft."""
    seen = str(request.POST.get("row_version", ""))
    remove_rule(writer(request), open_one(), code, row_version=int(seen) if seen.isdecimal() else 0)
    messages.success(request, _("The rule is left out of the draft; it can be put back."))
    return redirect("rules:draft")


@require_POST
def restore(request: HttpRequest, code: str) -> HttpResponse:
    """Make a rule read again as in the version in force."""
    restore_rule(writer(request), open_one(), code)
    messages.success(request, _("The rule reads again as in the version in force."))
    return redirect("rules:draft")
