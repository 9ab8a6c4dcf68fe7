"""What does everybody read about the rules? Those in force, one rule with its history, the versions and what changed.

Nothing here shows a draft.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from layers.errors import NotFound
from mapping.desks.rules.door import DRAFT_READERS
from mapping.desks.rules.figures import bare, figures_on
from mapping.desks.rules.shown import Line, Reader, title_of
from planning.checks.content import Change, Content, changes_between, contents_of
from planning.checks.models import Rule, RuleSet
from planning.checks.rule_sets import draft_of, history_of, newest_published, predecessor_of
from planning.people.capabilities import Capability
from planning.people.queries import capabilities_of


@dataclass(frozen=True)
class RuleRow:
    """One line of a list of rules; *change* is new, changed or empty against another version."""

    content: Content
    title: str
    question: str
    layer: str
    distance: str
    days: str
    change: str = ""


@dataclass(frozen=True)
class ChangeRow:
    """One rule that differs between two versions."""

    change: Change
    title: str
    kind: str
    lines: list[Line]


def rule_rows(contents: dict[str, Content], reader: Reader, changed: dict[str, str] | None = None) -> list[RuleRow]:
    """Return the lines of a list of rules."""
    rows = []
    for code, content in contents.items():
        shown = reader.lines(content, ("question", "layer_code", "valid_from", "valid_to"))
        words = {line.name: line.text for line in shown}
        rows.append(
            RuleRow(
                content,
                title_of(content),
                words.get("question", ""),
                words.get("layer_code", ""),
                reader.distance(content),
                " – ".join(words[name] for name in ("valid_from", "valid_to") if name in words),
                (changed or {}).get(code, ""),
            )
        )
    return rows


def change_rows(changes: list[Change], reader: Reader) -> list[ChangeRow]:
    """Return changes with their lines."""
    rows = []
    for change in changes:
        content = change.after if change.after is not None else change.before
        kind = "new" if change.before is None else "gone" if change.after is None else "changed"
        rows.append(ChangeRow(change, title_of(content or {}), kind, reader.difference(change)))
    return rows


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """List the rules in force, with the version and what one may do from here."""
    held = capabilities_of(request.user)
    newest = newest_published()
    context = {
        "rule_set": newest,
        "rows": rule_rows(contents_of(newest), Reader()) if newest is not None else [],
        "draft": draft_of() if held & DRAFT_READERS else None,
        "may_write": Capability.WRITE_RULES in held,
        "may_set": Capability.MANAGE_PARAMETERS in held,
    }
    return render(request, "rules/home.html", context)


@require_safe
def rule_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show what one rule says today and how it came to say so."""
    newest = newest_published()
    contents = contents_of(newest) if newest is not None else {}
    steps = history_of(code)
    if not steps:
        raise NotFound(_("There is no such rule."), where=code[:60])
    last = contents.get(code) or next(step.after or step.before for step in steps)
    reader = Reader()
    history = []
    for step in steps:
        change = Change(code, step.before, step.after, step.fields)
        history.append((step, reader.difference(change) if step.before is not None and step.after is not None else []))
    held = capabilities_of(request.user)
    context = {
        "code": code,
        "content": last,
        "title": title_of(last or {}),
        "lines": reader.lines(last or {}),
        "in_force": code in contents,
        "history": history,
        "draft": draft_of() if Capability.WRITE_RULES in held else None,
    }
    return render(request, "rules/rule.html", context)


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """List the published versions with their notes."""
    published = RuleSet.objects.filter(published_at__isnull=False).select_related("published_by")
    counts = dict[int, int]()
    for key in Rule.objects.filter(rule_set__in=published).values_list("rule_set_id", flat=True):
        counts[key] = counts.get(key, 0) + 1
    return render(request, "rules/versions.html", {"rows": [(one, counts.get(one.pk, 0)) for one in published]})


@require_safe
def version_page(request: HttpRequest, number: int) -> HttpResponse:
    """Show one published version: its note, what it changed, and its rules."""
    rule_set = RuleSet.objects.filter(version=number, published_at__isnull=False).select_related("published_by").first()
    if rule_set is None:
        raise NotFound(_("There is no such version of the rules."))
    before, contents, reader = predecessor_of(rule_set), contents_of(rule_set), Reader()
    changes = changes_between(contents_of(before), contents) if before is not None else []
    context = {
        "rule_set": rule_set,
        "before": before,
        "changes": change_rows(changes, reader),
        "rows": rule_rows(contents, reader),
        "in_force": rule_set == newest_published(),
    }
    return render(request, "rules/version.html", context)


@require_safe
def parameters(request: HttpRequest) -> HttpResponse:
    """List the figures of the law by day, and which rules of today name them; on wish only those with certain words.

    Diacritics and case do not matter; *open* keeps those that nobody has compared with the printed text.
    """
    newest = newest_published()
    users: dict[str, list[tuple[str, str]]] = {}
    for code, content in (contents_of(newest) if newest is not None else {}).items():
        for name in sorted(named_parameters(content)):
            users.setdefault(name, []).append((code, title_of(content)))
    typed, unread = request.GET.get("chu", "")[:100].strip(), "chua" in request.GET
    words = bare(typed).split()
    rows = [(figure, users.get(code, [])) for code, figure in figures_on().items()]
    context = {
        "typed": typed,
        "unread": unread,
        "total": len(rows),
        "figures": [
            (figure, named)
            for figure, named in rows
            if all(word in figure.words(title for _code, title in named) for word in words)
            and not (unread and figure.current is not None and figure.current.verified)
        ],
        "may_set": Capability.MANAGE_PARAMETERS in capabilities_of(request.user),
    }
    return render(request, "rules/parameters.html", context)


def named_parameters(content: Content) -> set[str]:
    """Return the codes of the parameters a rule names."""
    settings = content["settings"]
    tables = [settings.get("parameters"), content["distance_by_class"]]
    tables += [value for value in settings.values() if isinstance(value, dict)]
    named = {value for table in tables if isinstance(table, dict) for value in table.values() if isinstance(value, str)}
    deciders = settings.get("deciders")
    return named | {item["from"] for item in deciders or [] if isinstance(item, dict) and item.get("from")}
