"""Is every act on record, once, for ever, and in the transaction of the act?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from planning.people.models import Event
from planning.people.queries import events_of
from planning.people.services import forget, listen, record_event
from tests.cast import Cast, Land


def test_event_names_actor_subject_and_details(cast: Cast, land: Land) -> None:
    event = record_event(cast.planner, "look_at", land.east, {"on": date(2026, 1, 2), "amount_vnd": Decimal(5)})
    assert (event.actor, event.actor_name, event.subject_type) == (cast.planner, "H'Bia Niê", "layers.adminunit")
    assert event.data == {"on": "2026-01-02", "amount_vnd": "5"}
    assert list(events_of("layers.adminunit", str(land.east.pk))) == [event]


def test_event_of_a_signed_link_names_who_it_was(db: None) -> None:
    event = record_event(None, "download", ("survey", "7"), {"actor_name": "Đội đo đạc số 2"})
    assert event.actor is None
    assert event.actor_name == "Đội đo đạc số 2"
    assert event.data == {}


def test_listener_runs_inside_the_transaction(cast: Cast) -> None:
    heard: list[Event] = []
    listen("ring", heard.append)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            record_event(cast.planner, "ring", ("bell", "1"))
            raise RuntimeError
        assert len(heard) == 1
        assert not Event.objects.filter(verb="ring").exists()
    finally:
        forget("ring", heard.append)


@pytest.mark.parametrize("how", ["update", "delete"])
def test_events_are_never_changed_or_removed(cast: Cast, how: str) -> None:
    event = record_event(cast.planner, "ring", ("bell", "1"))
    rows = Event.objects.filter(pk=event.pk)
    with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
        rows.update(verb="other") if how == "update" else rows.delete()
    assert rows.get().verb == "ring"
