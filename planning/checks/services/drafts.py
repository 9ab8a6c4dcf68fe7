"""How does a new version of the rules come about? A draft is opened, written, brought up to date, published or dropped.

There is one draft at a time: it is the next version, and everybody who may write rules works on it. A rule itself is
written by `planning.checks.services.rules`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import Conflict, InputRefused, NotFound
from planning.checks.content import changes_between, contents_hash, contents_of
from planning.checks.guards import catalogue_problems
from planning.checks.models import Parameter, Rule, RuleSet
from planning.checks.rule_sets import draft_of, layer_kinds, newest_published
from planning.checks.services._frame import hold_versions, locked_draft
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.people.services import record_event, subject_of

NOTE_LENGTH = 400


def open_draft(actor: User) -> RuleSet:
    """Open the next version as a copy of the newest published one.

    Raises NotAllowed, NotFound (NO_RULE_SET) while nothing is published, Conflict (DRAFT_OPEN) when one is open.
    """
    require(actor, Capability.WRITE_RULES)
    with transaction.atomic():
        hold_versions()
        base = newest_published()
        if base is None:
            raise NotFound(
                _("No rule set is published yet."),
                code="NO_RULE_SET",
                todo=_("Load the rule catalogue first: script/manage load_catalogue."),
            )
        if draft_of() is not None:
            raise Conflict(
                _("A draft of the rules is open already."),
                code="DRAFT_OPEN",
                todo=_("Work on that one, or discard it."),
            )
        draft = RuleSet.objects.create(version=base.version + 1, base=base, opened_by=actor, opened_at=timezone.now())
        copy_rules(base, draft)
        record_event(actor, "open_rules", draft, {"version": draft.version, "base": base.version})
    return draft


def copy_rules(source: RuleSet, target: RuleSet) -> None:
    """Copy every rule of *source* into *target*, a draft."""
    rules = list(source.rules.order_by("order", "code"))
    for rule in rules:
        rule.pk = None
        rule.rule_set = target
        rule.row_version = 1
    Rule.objects.bulk_create(rules)


def publish_rules(actor: User, draft: RuleSet, note: str, *, row_version: int) -> RuleSet:
    """Put the draft in force: from now on every check asks it; what is stored stays as it is.

    *row_version* is the draft as the actor saw it. Raises NotAllowed; InputRefused without a note
    (NOTE_MISSING, NOTE_TOO_LONG) or with an incomplete rule (RULES_INCOMPLETE); Conflict when the draft was changed
    (DRAFT_CHANGED), a newer version was published meanwhile (DRAFT_STALE) or nothing differs (NOTHING_CHANGED);
    TransitionRefused when it is no draft any more.
    """
    require(actor, Capability.PUBLISH_RULES)
    note = note.strip()
    if not note:
        raise InputRefused(
            _("A publication needs a note."), code="NOTE_MISSING", todo=_("Write what changes, and why.")
        )
    if len(note) > NOTE_LENGTH:
        raise InputRefused(_("The note is longer than 400 characters."), code="NOTE_TOO_LONG", todo=_("Shorten it."))
    with transaction.atomic():
        hold_versions()
        row = locked_draft(draft.pk)
        if row.row_version != row_version:
            raise Conflict(
                _("The draft was changed after you opened this page. Nothing was published."),
                code="DRAFT_CHANGED",
                todo=_("Look at what changes once more, then publish."),
            )
        _refuse_stale(row)
        before, after = contents_of(row.base) if row.base else {}, contents_of(row)
        changes = changes_between(before, after)
        if not changes:
            raise Conflict(
                _("The draft does not differ from the rules in force."),
                code="NOTHING_CHANGED",
                todo=_("Change a rule first, or discard the draft."),
            )
        problems = catalogue_problems(
            after.values(), set(Parameter.objects.values_list("code", flat=True)), layer_kinds()
        )
        if problems:
            raise InputRefused(
                _("The draft is incomplete and cannot be published."),
                code="RULES_INCOMPLETE",
                where="; ".join(problems[:5]),
                todo=_("Complete the rules named here."),
            )
        row.published_at = timezone.now()
        row.published_by = actor
        row.note = note
        row.content_sha256 = contents_hash(after.values())
        row.row_version += 1
        row.save(update_fields=["published_at", "published_by", "note", "content_sha256", "row_version"])
        record_event(
            actor,
            "publish_rules",
            row,
            {
                "version": row.version,
                "base": row.base.version if row.base else None,
                "note": note,
                "sha256": row.content_sha256,
                "changes": [
                    {"code": change.code, "before": change.before, "after": change.after} for change in changes
                ],
            },
        )
    return row


@dataclass(frozen=True)
class Rebased:
    """Tell which rules a draft took over, and which were changed on both sides (the draft's stand)."""

    draft: RuleSet
    taken: tuple[str, ...]
    both: tuple[str, ...]


def rebase_draft(actor: User, draft: RuleSet) -> Rebased:
    """Bring a draft up to the newest published version; what the draft changed stays changed.

    A rule changed on both sides keeps the draft's words and is named, so that a person looks at it. Raises NotAllowed,
    TransitionRefused. Asking twice does nothing the second time.
    """
    require(actor, Capability.WRITE_RULES)
    with transaction.atomic():
        hold_versions()
        row = locked_draft(draft.pk)
        newest = newest_published()
        if newest is None or row.base is None or row.base_id == newest.pk:
            return Rebased(row, (), ())
        base, theirs, mine = contents_of(row.base), contents_of(newest), contents_of(row)
        taken: list[str] = []
        both: list[str] = []
        published = {rule.code: rule for rule in newest.rules.all()}
        for code in sorted({*base, *theirs, *mine}):
            old, new, own = base.get(code), theirs.get(code), mine.get(code)
            if new in (old, own):
                continue
            if own != old:
                both.append(code)
                continue
            taken.append(code)
            Rule.objects.filter(rule_set=row, code=code).delete()
            if rule := published.get(code):
                rule.pk, rule.rule_set, rule.row_version = None, row, 1
                rule.save(force_insert=True)
        before, row.base, row.version = row.base.version, newest, newest.version + 1
        row.row_version += 1
        row.save(update_fields=["base", "version", "row_version"])
        record_event(
            actor, "rebase_rules", row, {"from": before, "to": newest.version, "taken": taken, "changed_twice": both}
        )
    return Rebased(row, tuple(taken), tuple(both))


def discard_draft(actor: User, draft: RuleSet) -> None:
    """Throw a draft away; the record keeps what it would have changed. Raises NotAllowed, TransitionRefused."""
    require(actor, Capability.WRITE_RULES)
    with transaction.atomic():
        row = locked_draft(draft.pk)
        changes = changes_between(contents_of(row.base) if row.base else {}, contents_of(row))
        subject = subject_of(row)
        data = {
            "version": row.version,
            "changes": [{"code": change.code, "before": change.before, "after": change.after} for change in changes],
        }
        row.rules.all().delete()
        row.delete()
        record_event(actor, "discard_rules", subject, data)


def _refuse_stale(draft: RuleSet) -> None:
    """Raise Conflict (DRAFT_STALE) when a version was published after the one *draft* was made from."""
    newest = newest_published()
    if newest is not None and newest.pk != draft.base_id:
        raise Conflict(
            _("Version %(newest)s was published after this draft was opened. The draft does not know it.")
            % {"newest": newest.version},
            code="DRAFT_STALE",
            todo=_("Bring the draft up to date, look at it once more, then publish."),
        )
