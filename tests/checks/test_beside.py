"""Is a live question answered by two connections at once the same answer, and what when one of them cannot?"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg2
import pytest
from django.db import connection, transaction

from layers.errors import InputRefused
from layers.grid import on_grid
from planning.checks import beside, engine, facts
from planning.checks.basis import basis_at_hand
from planning.checks.beside import Rows, ask_beside
from planning.checks.engine import check_live, check_report
from planning.checks.services import load_catalogue
from planning.checks.types import Basis, Level, Outcome, Subject
from tests.browser import served_copy
from tests.cast import TODAY, make_land, square
from tests.checks.ground import of, publish, row

ZONE = Subject(on_grid(square(2_000, 2_000, 500)))
PID = "SELECT pg_backend_pid()"


@pytest.fixture(scope="module")
def ground(test_database: str, django_db_blocker: Any) -> Iterator[Basis]:
    """Give rules and layers that every connection sees: a copy of the test database, outside any transaction."""
    with django_db_blocker.unblock(), served_copy(test_database, f"{test_database}_beside"):
        connection.settings_dict["CONN_MAX_AGE"] = 60  # as it is served; the tests' own connections live shorter
        make_land()
        load_catalogue()
        publish("forest_special", [row(square(2_100, 2_100, 100), "Trong"), row(square(9_000, 2_000, 100), "Ngoài")])
        publish("residential", [row(square(2_600, 2_000, 100), "Gần", "rural")])
        yield basis_at_hand(TODAY)
        connection.settings_dict["CONN_MAX_AGE"] = 0


@pytest.fixture
def asked(ground: Basis, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note every question that is sent to the second connection."""
    sent: list[str] = []

    def noted(sql: str, parameters: Any) -> Any:
        coming = ask_beside(sql, parameters)
        if coming is not None:
            sent.append(sql)
        return coming

    monkeypatch.setattr(facts, "ask_beside", noted)
    return sent


@dataclass
class FakeOwn:
    """Lead to a server by these parameters."""

    parameters: dict[str, Any]

    def get_connection_params(self) -> dict[str, Any]:
        return self.parameters


def pid_beside() -> int | None:
    coming = ask_beside(PID, [])
    return None if coming is None else int(coming.result()[0][0])


def own_pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute(PID)
        return int(cursor.fetchone()[0])


def test_both_halves_are_the_whole(ground: Basis, asked: list[str]) -> None:
    both = check_live(ZONE, ground)
    assert len(asked) == 1
    whole = check_report(ZONE, ground)
    assert len(asked) == 1
    assert [one.canonical() for one in both.findings] == [one.canonical() for one in whole.findings]
    assert [one.piece for one in both.findings] == [one.piece for one in whole.findings]
    assert both.land_use == whole.land_use
    assert of(both, "forest_special")[0].outcome == Outcome.CONFLICT
    assert any(one.question == "setback" and one.distance_m for one in both.findings)


def test_the_second_connection_is_kept_and_is_another(ground: Basis) -> None:
    first = pid_beside()
    assert first is not None
    assert first == pid_beside() != own_pid()


def test_a_connection_that_was_ended_is_made_anew(ground: Basis) -> None:
    first = pid_beside()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    assert pid_beside() not in {None, first}


def test_a_taken_connection_is_not_waited_for(ground: Basis, asked: list[str]) -> None:
    waiting = ask_beside(PID, [])
    assert waiting is not None
    assert ask_beside(PID, []) is None
    assert check_live(ZONE, ground).findings
    assert asked == []
    first = int(waiting.result()[0][0])
    assert pid_beside() == first


def test_an_answer_nobody_fetches_is_not_taken_for_the_next_one(ground: Basis) -> None:
    first = pid_beside()
    dropped = ask_beside("SELECT pg_sleep(0.2)", [])
    assert dropped is not None
    del dropped
    assert pid_beside() not in {None, first}


def test_a_connection_is_left_when_its_time_is_up(ground: Basis) -> None:
    first = pid_beside()
    second = beside._desk._second
    assert second is not None
    second.until = 0.0
    assert pid_beside() not in {None, first}


def test_a_server_without_a_second_connection_answers_in_one_piece(
    ground: Basis, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_own: Any) -> Any:
        raise psycopg2.OperationalError("too many clients already")

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid_beside()])
    with monkeypatch.context() as patched:
        patched.setattr(beside, "_opened", refused)
        assert ask_beside(PID, []) is None
        assert check_live(ZONE, ground).findings
    assert asked == [] and pid_beside() is not None


def test_a_server_that_does_not_say_whether_it_opens_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "OPENED_MS", 50)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(1)
        host, port = deaf.getsockname()
        with pytest.raises(psycopg2.OperationalError):
            beside._opened(FakeOwn({"host": host, "port": port, "dbname": "x", "user": "x"}))  # type: ignore[arg-type]


def test_inside_a_transaction_one_connection_answers(ground: Basis) -> None:
    with transaction.atomic():
        assert ask_beside(PID, []) is None
    assert ask_beside(PID, []) is not None


def test_a_half_that_geos_gives_up_on_is_asked_anew_and_verified(
    ground: Basis, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_question: Any) -> Rows:
        raise psycopg2.InternalError("TopologyException: side location conflict")

    monkeypatch.setattr(beside, "_rows", failing)
    report = check_live(ZONE, ground)
    stored = check_report(ZONE, ground, level=Level.STORED)
    assert [one.canonical() for one in report.findings] == [one.canonical() for one in stored.findings]


def test_a_second_connection_that_goes_while_it_is_asked_is_not_missed(
    ground: Basis, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = beside._rows

    def ended(second: Any, cursor: Any) -> Rows:
        with connection.cursor() as own:
            own.execute("SELECT pg_terminate_backend(%s, 5000)", [second.info.backend_pid])
        return real(second, cursor)

    def slow(_sql: str, _parameters: Any) -> Any:
        return ask_beside("SELECT pg_sleep(20)", [])

    with monkeypatch.context() as patched:
        patched.setattr(beside, "_rows", ended)
        patched.setattr(facts, "ask_beside", slow)
        report = check_live(ZONE, ground)
    whole = check_report(ZONE, ground)
    assert [one.canonical() for one in report.findings] == [one.canonical() for one in whole.findings]
    assert pid_beside() is not None


def test_what_does_not_hang_on_the_surroundings_is_answered_meanwhile(
    ground: Basis, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered: list[tuple[str, str]] = []
    when_asked_for: list[list[tuple[str, str]]] = []
    real_answer, real_rows = engine._answer, beside._rows

    def noted(case: Any, rule: Any) -> Any:
        answered.append((rule.question, rule.layer_code))
        return real_answer(case, rule)

    def late(*question: Any) -> Rows:
        when_asked_for.append(list(answered))
        return real_rows(*question)

    monkeypatch.setattr(engine, "_answer", noted)
    monkeypatch.setattr(beside, "_rows", late)
    both = check_live(ZONE, ground)
    (before,) = when_asked_for
    assert ("size", "") in before and ("setback", "residential") not in before
    assert ("setback", "residential") in answered
    assert [one.canonical() for one in both.findings] == [
        one.canonical() for one in check_report(ZONE, ground).findings
    ]


def test_surroundings_that_take_too_long_are_refused_like_the_zone(
    ground: Basis, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_sql: str, _parameters: Any) -> Any:
        return ask_beside("SET statement_timeout = 50; SELECT pg_sleep(20)", [])

    with monkeypatch.context() as patched:
        patched.setattr(facts, "ask_beside", slow)
        with pytest.raises(InputRefused) as refused:
            check_live(ZONE, ground)
    assert refused.value.code == "GEOM_TOO_COMPLEX"
    assert pid_beside() is not None
    assert check_live(ZONE, ground).findings
