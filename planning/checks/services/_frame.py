"""In which frame do the acts on rules run? One lock for what numbers versions, one for the draft in hand.

It judges no rule.
"""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from layers.errors import NotFound, TransitionRefused
from planning.checks.models import RuleSet


def hold_versions() -> None:
    """Let nobody else open, number or publish a version until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('checks.load_catalogue'))")


def locked_draft(key: int) -> RuleSet:
    """Return the draft *key*, locked until the transaction ends.

    Raises NotFound (DRAFT_GONE), TransitionRefused (RULES_PUBLISHED) when it was published meanwhile.
    """
    row = RuleSet.objects.select_for_update(of=("self",)).select_related("base").filter(pk=key).first()
    if row is None:
        raise NotFound(
            _("This draft does not exist any more."),
            code="DRAFT_GONE",
            todo=_("Somebody published or discarded it; open a new one."),
        )
    if row.published_at is not None:
        raise TransitionRefused(
            _("Version %(version)s is published and never changes.") % {"version": row.version},
            code="RULES_PUBLISHED",
            todo=_("Open a new draft."),
        )
    return row
