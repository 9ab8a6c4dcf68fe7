"""Is the written limit the limit of the house, whoever asks and whichever process answers?"""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory

from layers.errors import TooManyRequests
from mapping import rate
from planning.people.models import User


@pytest.fixture(autouse=True)
def a_minute_that_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapping.rate.time.time", lambda: 60_000_030.0)
    monkeypatch.setattr(rate, "_known", {})


def _ask(user: object, *, address: str = "10.0.0.1", session: str = "", what: str = "check") -> None:
    request = RequestFactory().post("/api/check/", REMOTE_ADDR=address)
    if session:
        request.COOKIES["sessionid"] = session
    request.user = user  # type: ignore[assignment]
    rate.limit_rate(request, what)


def test_the_minute_of_a_visitor_is_used_up_and_another_address_has_its_own(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate, "VISITORS_PER_MINUTE", 2)
    _ask(AnonymousUser())
    _ask(AnonymousUser())
    with pytest.raises(TooManyRequests):
        _ask(AnonymousUser())
    _ask(AnonymousUser(), address="10.0.0.2")
    _ask(AnonymousUser(), what="look")


def test_the_count_lies_where_every_process_sees_it_and_the_minutes_before_are_forgotten(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ask(AnonymousUser())
    monkeypatch.setattr("mapping.rate.time.time", lambda: 60_000_330.0)
    _ask(AnonymousUser(), address="10.0.0.3")
    with connection.cursor() as cursor:
        cursor.execute("SELECT minute, requests FROM draw_request_count")
        assert cursor.fetchall() == [(1_000_005, 1)]


def test_no_address_is_kept(db: None) -> None:
    _ask(AnonymousUser(), address="203.0.113.77")
    with connection.cursor() as cursor:
        cursor.execute("SELECT visitor FROM draw_request_count")
        assert "203.0.113.77" not in cursor.fetchone()[0]


def test_an_account_is_counted_once_whatever_sessions_and_addresses_it_uses(
    db: None, django_user_model: type[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate, "SIGNED_IN_PER_MINUTE", 2)
    user = User.objects.create(username="an")
    _ask(user, session="one")
    _ask(user, session="two", address="10.0.0.9")
    with pytest.raises(TooManyRequests):
        _ask(user, session="one")


def test_a_known_session_is_not_looked_up_again_and_an_unknown_one_counts_as_a_visitor(db: None) -> None:
    user = User.objects.create(username="an")
    _ask(user, session="one")
    _ask(AnonymousUser(), session="one")  # ended meanwhile: only the count still goes to the account
    _ask(AnonymousUser(), session="invented")
    with connection.cursor() as cursor:
        cursor.execute("SELECT visitor, requests FROM draw_request_count ORDER BY requests DESC")
        rows = cursor.fetchall()
    assert rows[0] == (f"check:user{user.pk}", 2)
    assert rows[1][1] == 1
    assert not rows[1][0].startswith("check:user")
