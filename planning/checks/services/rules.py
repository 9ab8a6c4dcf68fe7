"""How is a rule of the draft written, left out, or put back? Each act on record with what was there before and after.

Publishing is `planning.checks.services.drafts`; a published rule is never touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from layers.errors import Conflict, InputRefused, NotFound
from layers.models import LegalInstrument
from planning.checks.content import FIELDS, Content, fields_changed, plain, rule_content
from planning.checks.models import Parameter, Rule, RuleSet
from planning.checks.rule_faults import Fault, rule_faults
from planning.checks.rule_sets import layer_kinds
from planning.checks.services._frame import locked_draft
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.people.services import record_event

NEW = 0


def write_rule(actor: User, draft: RuleSet, content: Mapping[str, Any], *, row_version: int) -> Rule:
    """Write one rule of the draft: *content* holds every field of `planning.checks.content.FIELDS`, and no other.

    *row_version* is the rule as the actor saw it, `NEW` for one that is added. Writing what stands there already does
    nothing. Raises NotAllowed; InputRefused (RULE_INCOMPLETE with the faults by field in *detail*, RULE_CODE_TAKEN);
    Conflict RULE_STALE when somebody wrote it meanwhile (*detail* holds their content and its row version) or
    RULE_GONE when it was left out; TransitionRefused when the draft is published.
    """
    require(actor, Capability.WRITE_RULES)
    if set(content) != set(FIELDS):
        raise ValueError(f"a rule has exactly the fields {', '.join(FIELDS)}")
    with transaction.atomic():
        row = locked_draft(draft.pk)
        code = str(content["code"])
        rule = row.rules.select_related("instrument").filter(code=code).first()
        before = rule_content(rule) if rule is not None else None
        _refuse_stale(code, rule, before, row_version)
        written = _built(row, content)
        after = rule_content(written)
        if rule is not None and not fields_changed(before, after):
            return rule
        written.pk = rule.pk if rule is not None else None
        written.row_version = rule.row_version + 1 if rule is not None else 1
        written.catalogue_sha256 = rule.catalogue_sha256 if rule is not None else _catalogue_mark(row, code)
        written.save()
        _touch(row)
        record_event(
            actor,
            "write_rule",
            row,
            {"code": code, "version": row.version, "before": before, "after": after},
        )
    return written


def remove_rule(actor: User, draft: RuleSet, code: str, *, row_version: int) -> None:
    """Leave a rule out of the draft; to end it on a day, write its last day instead.

    Raises NotAllowed, NotFound, Conflict (RULE_STALE), TransitionRefused.
    """
    require(actor, Capability.WRITE_RULES)
    with transaction.atomic():
        row = locked_draft(draft.pk)
        rule = row.rules.select_related("instrument").filter(code=code).first()
        if rule is None:
            raise _no_such_rule(code)
        before = rule_content(rule)
        _refuse_stale(code, rule, before, row_version)
        rule.delete()
        _touch(row)
        record_event(actor, "remove_rule", row, {"code": code, "version": row.version, "before": before, "after": None})


def restore_rule(actor: User, draft: RuleSet, code: str) -> Rule:
    """Make a rule of the draft read again as in the version the draft was made from, also one that was left out.

    Raises NotAllowed, NotFound when that version does not have it, TransitionRefused.
    """
    require(actor, Capability.WRITE_RULES)
    with transaction.atomic():
        row = locked_draft(draft.pk)
        published = row.base.rules.filter(code=code).first() if row.base else None
        if published is None:
            raise _no_such_rule(code)
        rule = row.rules.select_related("instrument").filter(code=code).first()
        before = rule_content(rule) if rule is not None else None
        after = rule_content(published)
        if rule is not None and not fields_changed(before, after):
            return rule
        published.pk, published.rule_set = (rule.pk if rule is not None else None), row
        published.row_version = rule.row_version + 1 if rule is not None else 1
        published.save()
        _touch(row)
        record_event(
            actor, "restore_rule", row, {"code": code, "version": row.version, "before": before, "after": after}
        )
    return published


def _refuse_stale(code: str, rule: Rule | None, before: Content | None, row_version: int) -> None:
    if rule is None:
        if row_version == NEW:
            return
        raise Conflict(
            _("Somebody left this rule out of the draft meanwhile. Nothing was saved."),
            code="RULE_GONE",
            where=code,
            todo=_("Save it once more to put it back with your words, or leave the page."),
        )
    if row_version == NEW:
        raise InputRefused(
            _("The draft has a rule with this code already."),
            code="RULE_CODE_TAKEN",
            where=code,
            todo=_("Choose another code, or edit that rule."),
            detail={"faults": [Fault("code", _("The draft has a rule with this code already."))]},
        )
    if row_version != rule.row_version:
        raise Conflict(
            _("Somebody else wrote this rule after you opened it. Nothing was saved."),
            code="RULE_STALE",
            where=code,
            todo=_("Look at what they wrote; save once more if yours is to stand."),
            detail={"theirs": before, "row_version": rule.row_version},
        )


def _built(draft: RuleSet, content: Mapping[str, Any]) -> Rule:
    """Build the row of *content*. Raises InputRefused with every fault, by field."""
    faults = rule_faults(content, set(Parameter.objects.values_list("code", flat=True)), layer_kinds())
    instrument = LegalInstrument.objects.filter(number=content["instrument"]).first()
    if instrument is None:
        faults.append(Fault("instrument", _("Choose the legal text that the rule comes from.")))
    if not faults:
        values = {name: content[name] for name in FIELDS if name != "instrument"}
        for name in ("valid_from", "valid_to"):
            if isinstance(values[name], str):
                values[name] = date.fromisoformat(values[name])
        for name in ("classes", "distance_by_class", "settings"):
            values[name] = plain(values[name])
        rule = Rule(rule_set=draft, instrument=instrument, **values)
        try:
            rule.clean_fields(exclude=["rule_set"])
        except ValidationError as error:
            faults = [Fault(name, text) for name, texts in error.message_dict.items() for text in texts]
        else:
            return rule
    raise InputRefused(
        _("The rule is not complete."),
        code="RULE_INCOMPLETE",
        where=str(content["code"]),
        todo=_("Mend the fields that are marked."),
        detail={"faults": faults},
    )


def _catalogue_mark(draft: RuleSet, code: str) -> str:
    """Keep the mark of a rule that was left out and is written anew, so that the catalogue knows it again."""
    published = draft.base.rules.filter(code=code).first() if draft.base else None
    return published.catalogue_sha256 if published is not None else ""


def _touch(draft: RuleSet) -> None:
    draft.row_version += 1
    draft.save(update_fields=["row_version"])


def _no_such_rule(code: str) -> NotFound:
    return NotFound(_("The draft has no such rule."), code="NO_SUCH_RULE", where=code[:60])
