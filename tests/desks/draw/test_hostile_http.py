"""Does a hostile shape get an answer in time over HTTP while others draw on? The real server, its own database."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, transaction
from django.test import Client

from layers.errors import InputRefused
from layers.vetting import STORED, vet
from planning.checks.basis import basis_on
from planning.checks.engine import check_report
from planning.checks.reach import require_in_reach
from planning.checks.types import Level, Part, Subject
from tests.bench.server import served
from tests.browser import served_copy
from tests.cast import TODAY, make_cast, multi, square
from tests.checks.golden.province import make_province
from tests.desks.draw.geo import geojson
from tests.layers.hostile import HOSTILE, comb, zigzag

ANSWER_S = 10.0  # a hostile shape
NEIGHBOUR_S = 2.0  # an ordinary check meanwhile, on a machine that has nothing else to do
BUSY = 10  # on a busy one, that many times what the same check took before the attack
ROOT = Path(__file__).resolve().parents[3]


class Person:
    """Ask over one kept-alive connection with a session."""

    def __init__(self, port: int, session: str = "") -> None:
        self._server = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies = {"sessionid": session} if session else {}
        self._server.request("GET", "/ve-thu/", headers=self._headers())
        answer = self._server.getresponse()
        answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("csrftoken="):
                self._cookies["csrftoken"] = value.split(";")[0].partition("=")[2]

    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        return {
            "Cookie": cookies,
            "X-CSRFToken": self._cookies.get("csrftoken", ""),
            "Content-Type": "application/json",
            "Accept": "application/json",
        }

    def ask(self, path: str, body: Any, method: str = "POST") -> tuple[int, dict[str, Any], float]:
        """Send JSON; return status, answer and seconds."""
        began = time.monotonic()
        self._server.request(method, path, json.dumps(body).encode(), self._headers())
        answer = self._server.getresponse()
        content = answer.read()
        return answer.status, json.loads(content or b"{}"), time.monotonic() - began


@pytest.fixture
def rules(db: None) -> None:
    """Give the golden province to the tests that ask the engine itself."""
    make_province()


@pytest.fixture(scope="module")
def house(test_database: str, django_db_blocker: Any) -> Iterator[tuple[int, list[str]]]:
    """Serve the golden province by the real server; yields the port and the sessions of the cast."""
    copy = f"{test_database}_hostile"
    with django_db_blocker.unblock(), served_copy(test_database, copy), pytest.MonkeyPatch.context() as patch:
        land, _basis = make_province()
        people = make_cast(land).everyone().values()
        sessions = []
        for person in people:
            client = Client()
            client.force_login(person)
            sessions.append(client.cookies["sessionid"].value)
        for name in ("DATABASE_URL", "MIGRATE_DATABASE_URL"):
            patch.setenv(name, _address(copy))
        with served() as port:
            yield port, sessions


def _address(name: str) -> str:
    """Return the address of a database on the server of the tests."""
    import os

    parts = urlsplit(os.environ["MIGRATE_DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{name}"))


def _children(port_owner: str = "layers.geomchild.serve") -> dict[int, int]:
    """Return CPU ticks of every geometry child of this house, by process number."""
    ticks = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if port_owner.encode() in (entry / "cmdline").read_bytes() and str(ROOT) in str(
                    (entry / "cwd").resolve()
                ):
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                    ticks[int(entry.name)] = int(fields[11]) + int(fields[12])
            except OSError:  # ended meanwhile
                continue
    return ticks


class Neighbour(threading.Thread):
    """Draw on while others are hostile: an ordinary check several times a second, as several people."""

    def __init__(self, port: int, sessions: list[str]) -> None:
        super().__init__(daemon=True)
        self._people = [Person(port, session) for session in sessions]
        self._done = threading.Event()
        self.seconds: list[float] = []
        self.statuses: set[int] = set()

    def run(self) -> None:
        """Ask until told to stop."""
        body = {"zone": geojson(square(9_600, 5_200, 500))}
        turn = 0
        while not self._done.wait(0.1):
            status, _answer, took = self._people[turn % len(self._people)].ask("/api/check/", body)
            self.statuses.add(status)
            self.seconds.append(took)
            turn += 1

    def patience(self) -> float:
        """Return how long a check may take during an attack, by what it takes now."""
        body = {"zone": geojson(square(9_600, 5_200, 500))}
        quiet = sorted(self._people[turn % len(self._people)].ask("/api/check/", body)[2] for turn in range(12))
        return max(NEIGHBOUR_S, BUSY * quiet[-2])

    def stop(self) -> None:
        """End after the request under way."""
        self._done.set()
        self.join(60)


def test_hostile_shapes_are_answered_and_nobody_notices(
    house: tuple[int, list[str]], django_db_blocker: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    port, sessions = house
    attacker, neighbour = Person(port, sessions[0]), Neighbour(port, sessions[1:])
    patience = neighbour.patience()
    neighbour.start()
    slowest: dict[str, float] = {}
    try:
        for name, shape in HOSTILE.items():
            for path, more in (("/api/check/", {}), ("/api/cut-out/", {"op": "repair"})):
                status, answer, took = attacker.ask(path, {"zone": geojson(shape), **more})
                assert status in {200, 422}, f"{name}: {status} {answer}"
                assert took < ANSWER_S, f"{name} at {path}: {took:.1f} s"
                slowest[f"{name} {path}"] = took
    finally:
        neighbour.stop()
    worst = max(slowest, key=lambda name: slowest[name])
    with capsys.disabled():
        print(
            f"\n  hostile shapes over HTTP: {len(slowest)} requests, slowest {slowest[worst]:.2f} s ({worst});"
            f" {len(neighbour.seconds)} ordinary checks meanwhile, slowest {max(neighbour.seconds):.2f} s"
        )
    assert neighbour.statuses == {200}
    assert max(neighbour.seconds) < patience
    _nothing_stays_busy(port, sessions, django_db_blocker)


def test_two_attackers_at_once_leave_room_for_a_third(house: tuple[int, list[str]], django_db_blocker: Any) -> None:
    """Hold both geometry children of a process with the slowest shapes: an ordinary check still gets its turn."""
    port, sessions = house
    neighbour = Neighbour(port, sessions[4:])
    patience = neighbour.patience()
    neighbour.start()
    answers: list[tuple[int, float]] = []

    def attack(session: str) -> None:
        person = Person(port, session)
        for name in ("star of 1,999", "weave of 390", "scribble of 200", "star of 101"):
            status, _answer, took = person.ask("/api/cut-out/", {"zone": geojson(HOSTILE[name]), "op": "repair"})
            answers.append((status, took))

    attackers = [threading.Thread(target=attack, args=(session,)) for session in sessions[:3]]
    try:
        for one in attackers:
            one.start()
        for one in attackers:
            one.join(60)
    finally:
        neighbour.stop()
    assert len(answers) == 12
    assert {status for status, _took in answers} <= {200, 422, 429}
    assert max(took for _status, took in answers) < 2 * ANSWER_S  # three at once take turns
    assert neighbour.statuses == {200}
    assert max(neighbour.seconds) < 2 * patience
    _nothing_stays_busy(port, sessions, django_db_blocker)


def _nothing_stays_busy(port: int, sessions: list[str], blocker: Any) -> None:
    """Assert that no backend works on and that the children cost an ordinary check only what it needs."""
    before = _children()
    status, _answer, _took = Person(port, sessions[1]).ask("/api/check/", {"zone": geojson(square(9_600, 5_200, 500))})
    assert status == 200
    after = _children()
    busy = {child: after[child] - ticks for child, ticks in before.items() if child in after}
    assert all(ticks < 50 for ticks in busy.values()), busy  # half a second of CPU
    with blocker.unblock():
        _no_backend_works_on()


def _no_backend_works_on() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND state = 'active' AND backend_type = 'client backend'"
        )
        assert cursor.fetchone()[0] == 0


DEAR = {
    "combs of 4,800 km": comb(2_400, width=0.1),
    "comb of 192 km": comb(2_400, height=40),
    "comb too fine": comb(2_400, width=0.1, height=40),
    "saw": zigzag(1_999, 50),
}


@pytest.mark.parametrize("name", DEAR)
def test_a_valid_zone_that_is_dear_to_compute_is_answered_or_refused(rules: Any, name: str) -> None:
    """Ask at the stored level with a planned part, as keeping a version does: answered or GEOM_TOO_COMPLEX, in time."""
    against = basis_on(TODAY)
    began = time.monotonic()
    try:
        zone = vet(DEAR[name], STORED).geom
        require_in_reach(zone, against)
        parts = tuple(Part("green", polygon, polygon.area) for polygon in zone)
        report = check_report(Subject(zone, parts=parts), against, level=Level.STORED)
        assert report.area_m2 == pytest.approx(zone.area)
    except InputRefused as refused:
        assert refused.code == "GEOM_TOO_COMPLEX"
    assert time.monotonic() - began < 2 * ANSWER_S  # the machine is shared
    _no_backend_works_on()


def test_a_check_that_is_cancelled_says_so(rules: Any) -> None:
    """End a question by the clock of the role that serves: the person gets a sentence, not an error page."""
    against = basis_on(TODAY)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
    with pytest.raises(InputRefused) as refused, transaction.atomic():
        check_report(Subject(multi(square(9_600, 5_200, 500))), against, level=Level.STORED)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    assert refused.value.code == "GEOM_TOO_COMPLEX"
    assert refused.value.todo
