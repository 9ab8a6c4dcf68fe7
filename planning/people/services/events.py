"""How is an act put on record? One row per act, written in the act's own transaction.

It does not start work itself: the roof registers listeners, and a listener only queues a job.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping

from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext as _

from planning.people.models import Event, User

Listener = Callable[[Event], None]
Subject = models.Model | tuple[str, str]

_listeners: dict[str, list[Listener]] = defaultdict(list)


def listen(verb: str, listener: Listener) -> None:
    """Call *listener* with every event of *verb*, inside the transaction of the act; the same one is kept once."""
    if listener not in _listeners[verb]:
        _listeners[verb].append(listener)


def forget(verb: str, listener: Listener) -> None:
    """Stop calling *listener* for *verb*."""
    if listener in _listeners[verb]:
        _listeners[verb].remove(listener)


def subject_of(subject: Subject) -> tuple[str, str]:
    """Return (kind, identifier) of a thing as events name it: the model's label in lower case and the key."""
    if isinstance(subject, tuple):
        return subject
    return subject._meta.label_lower, str(subject.pk)


def record_event(
    actor: User | AnonymousUser | None, verb: str, subject: Subject, data: Mapping[str, object] | None = None
) -> Event:
    """Record that *actor* did *verb* to *subject*, with details, and call the listeners of the verb.

    *actor* may be None or anonymous (a signed link, a job); ``data["actor_name"]`` then names who it was. Amounts and
    dates in *data* are kept as text. Call it inside the transaction of the act, so that both stand or fall together.
    """
    details = json.loads(json.dumps(dict(data or {}), cls=DjangoJSONEncoder, ensure_ascii=False))
    known = actor if isinstance(actor, User) else None
    name = str(details.pop("actor_name", "")) or (known.get_full_name() if known else _("the system"))
    kind, identifier = subject_of(subject)
    with transaction.atomic():
        event = Event.objects.create(
            actor=known, actor_name=name[:160], verb=verb, subject_type=kind, subject_id=identifier, data=details
        )
        for listener in tuple(_listeners[verb]):
            listener(event)
    return event
