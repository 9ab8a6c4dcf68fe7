"""How does a staged edition become the current one? A second person confirms the sweep that was seen; one transaction.

Nothing is computed under the lock but whether something moved: the sweep was done before, and mended just before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import Conflict, NotAllowed
from layers.models import Batch, Edition
from layers.services import promote_edition
from planning.people.capabilities import Capability
from planning.people.models import Event, User
from planning.people.queries import require
from planning.people.services import record_event, subject_of
from planning.proposals.models import Proposal
from planning.proposals.services._frame import LOCK_NOT_AVAILABLE
from planning.proposals.sweep import rows_of
from planning.proposals.sweep_state import mend, moved_since, require_finished, require_seen

STAGED, PROMOTED = "edition_staged", "edition_promoted"


def loaded_by(edition: Edition) -> int | None:
    """Return the key of the person who staged an edition; None for the command line or the demo."""
    kind, key = subject_of(edition)
    event = Event.objects.filter(subject_type=kind, subject_id=key, verb=STAGED).order_by("at").first()
    return event.actor_id if event is not None else None


def confirm_edition(actor: User, edition: Edition, *, sweep_id: int | None, seal: str) -> Edition:
    """Make a staged edition the current one by the confirmation of a second person, who saw the sweep named.

    *sweep_id*, *seal*: the batch and the seal of the list that was shown. What moved since is asked again first; the
    lock then only tells that nothing moved in between. Raises NotAllowed without the capability or when *actor* loaded
    it (FOUR_EYES), TransitionRefused when the sweep is missing, unfinished, of another basis or too old, Conflict
    (SWEEP_CHANGED) when it says something else by now, and what `promote_edition` raises.
    """
    require(actor, Capability.CONFIRM_EDITION)
    if loaded_by(edition) == actor.pk:
        raise NotAllowed(
            _("Who loaded an edition cannot confirm it."), code="FOUR_EYES", todo=_("Ask an appraiser to confirm it.")
        )
    batch = require_finished(edition, Batch.objects.filter(pk=sweep_id).first() if sweep_id else None)
    mend(batch)
    require_seen(batch, seal)
    with _short_lock():
        # `Batch` may have been mended by somebody else in between: the row of now is what counts
        batch.refresh_from_db()
        require_seen(batch, seal)
        moved = moved_since(batch, timezone.localdate())
        if moved or moved.register != batch.params["register"]:
            raise Conflict(
                _("A proposal or a book changed at this very moment. Nothing was promoted."),
                code="SWEEP_CHANGED",
                todo=_("Look at the list again, then confirm."),
            )
        promoted = promote_edition(edition)
        record_event(
            actor,
            PROMOTED,
            promoted,
            {
                "layer": promoted.layer.code,
                "number": promoted.number,
                "changes": _sums(promoted.report.get("changes", {})),
                "sweep": batch.pk,
                "seal": seal,
                "verdicts_changed": sum(row["changed"] for row in rows_of(batch)),
            },
        )
    return promoted


@contextmanager
def _short_lock() -> Iterator[None]:
    """Hold writes to proposals off while the statuses flip, in one transaction; readers and drafts go on.

    Raises Conflict (BUSY) when an act on a proposal lasts longer than the lock time-out.
    """
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                # this mode also keeps two promotions apart, whatever their layers: each is another basis for the other
                table = connection.ops.quote_name(Proposal._meta.db_table)
                cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != LOCK_NOT_AVAILABLE:
            raise
        raise Conflict(
            _("Somebody else is working on a proposal or on this layer at this moment. Nothing was promoted."),
            code="BUSY",
            todo=_("Wait a few seconds and try again; nothing of yours was written."),
        ) from error


def _sums(changes: dict[str, Any]) -> dict[str, Any]:
    """Leave the drawn shapes out of the record."""
    coverage = {name: value for name, value in changes.get("coverage", {}).items() if not name.endswith("_shape")}
    return {**changes, "coverage": coverage} if coverage else changes
