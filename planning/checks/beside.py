"""How does one live question use two cores of the database? A second connection answers a part of it meanwhile.

A person waits for the answer while they draw, and the server of the database idles but for one process. The two parts
are answered at two moments: what is asked here may only be about editions, which never change. A process lends its
second connection to one question at a time; whoever finds it taken, or stands in a transaction, asks in one piece.

The second connection is asynchronous (psycopg2's ``async_``): nobody waits on it in a thread, which would have to be
woken twice and would contend for the interpreter with the one who judges.
"""

from __future__ import annotations

import select
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg2
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2 import extensions
from psycopg2.extras import register_default_jsonb

# Longer than a healthy server takes, shorter than somebody waits who could be answered by the connection there is.
OPENED_MS = 1_000

Rows = list[tuple[Any, ...]]


@dataclass
class _Second:
    """Hold the asynchronous connection, to which database it leads and until when it is kept (None: always)."""

    connection: extensions.connection
    database: str
    until: float | None

    def fit_for(self, database: str) -> bool:
        """Tell whether it may be asked: of this database, not too old, alive, and with nothing on its way."""
        if self.database != database or (self.until is not None and time.monotonic() >= self.until):
            return False
        if self.connection.closed or self.connection.isexecuting():
            return False
        # An idle connection has nothing to say but that the server has ended it.
        return not _ready(self.connection, select.POLLIN, 0)


class Coming:
    """Hold what is on its way; who fetches or forgets it gives the connection back, what is not fetched is lost."""

    fetched = False

    def __init__(self, connection: extensions.connection, sql: str, parameters: Sequence[Any]) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._cursor.execute(sql, parameters)

    def result(self) -> Rows:
        """Return the rows, waiting for them; raises what the database raises, as Django names it."""
        try:
            with connections[DEFAULT_DB_ALIAS].wrap_database_errors:
                return _rows(self._connection, self._cursor)
        finally:
            self.fetched = True


class _Desk:
    """Lend the second connection of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._second: _Second | None = None
        self._lent: Callable[[], Coming | None] = lambda: None

    def ask(self, own: BaseDatabaseWrapper, sql: str, parameters: Sequence[Any]) -> Coming | None:
        if not self._lock.acquire(blocking=False):
            return None
        try:
            lent = self._lent()
            if lent is not None and not lent.fetched:
                return None
            try:
                coming = Coming(self._fit(own), sql, parameters)
            except psycopg2.OperationalError:  # no connection left, or it went this moment
                return None
            self._lent = weakref.ref(coming)
            return coming
        finally:
            self._lock.release()

    def _fit(self, own: BaseDatabaseWrapper) -> extensions.connection:
        database = str(own.settings_dict["NAME"])
        if self._second is None or not self._second.fit_for(database):
            if self._second is not None:
                self._second.connection.close()
                self._second = None
            age = own.settings_dict["CONN_MAX_AGE"]
            self._second = _Second(_opened(own), database, None if age is None else time.monotonic() + age)
        return self._second.connection


_desk = _Desk()


def ask_beside(sql: str, parameters: Sequence[Any]) -> Coming | None:
    """Send a question that only reads editions; return what its rows will come in, None when nobody is free for it."""
    own = connections[DEFAULT_DB_ALIAS]
    return None if own.in_atomic_block else _desk.ask(own, sql, parameters)


def _opened(own: BaseDatabaseWrapper) -> extensions.connection:
    """Open a connection like *own*. Raises psycopg2.OperationalError when the server has none to give."""
    opened: extensions.connection = psycopg2.connect(**own.get_connection_params(), async_=True)
    _wait(opened, at_most_ms=OPENED_MS)
    register_default_jsonb(conn_or_curs=opened, loads=_as_text)  # as Django has it: who needs a document reads it
    return opened


def _as_text(document: str) -> str:
    return document


def _rows(second: extensions.connection, cursor: Any) -> Rows:
    _wait(second)
    return list(cursor.fetchall())


def _wait(second: extensions.connection, *, at_most_ms: int | None = None) -> None:
    """Wait until the server has answered, as psycopg2 asks of those who use it so; a question ends by its own timeout.

    Raises psycopg2.OperationalError when the server says nothing for *at_most_ms*.
    """
    while (state := second.poll()) != extensions.POLL_OK:
        if not _ready(second, select.POLLIN if state == extensions.POLL_READ else select.POLLOUT, at_most_ms):
            second.close()
            raise psycopg2.OperationalError("the server did not open a second connection in time")


def _ready(second: extensions.connection, what: int, at_most_ms: int | None) -> bool:
    # not select(): it knows no file beyond the thousandth
    asked = select.poll()
    asked.register(second.fileno(), what)
    return bool(asked.poll(at_most_ms))
