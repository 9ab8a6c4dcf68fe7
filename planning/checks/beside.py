"""How does one live question use two cores of the database? A second connection answers a part of it meanwhile.

A person waits for the answer while they draw, and the server of the database idles but for one process. The two parts
are answered at two moments: what is asked here may only be about editions, which never change. A process lends its
second connection to one question at a time; whoever finds it taken, or stands in a transaction, asks in one piece.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

Rows = list[tuple[Any, ...]]

_lent = threading.Lock()


class _Second:
    """Hold the thread that waits and the connection it waits on; made by the first question of the process."""

    pool: ThreadPoolExecutor | None = None
    connection: BaseDatabaseWrapper | None = None


def ask_beside(sql: str, parameters: Sequence[Any]) -> Future[Rows] | None:
    """Send a question that only reads editions; return what its rows will come in, None when nobody is free for it."""
    own = connections[DEFAULT_DB_ALIAS]
    if own.in_atomic_block or not _lent.acquire(blocking=False):
        return None
    try:
        pool = _Second.pool = _Second.pool or ThreadPoolExecutor(1, thread_name_prefix="beside")
        return pool.submit(_given_back, _second_to(own), sql, parameters)
    except BaseException:
        _lent.release()
        raise


def _second_to(own: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
    """Return the second connection, to the database of the one who asks."""
    kept = _Second.connection
    if kept is None or kept.settings_dict["NAME"] != own.settings_dict["NAME"]:
        kept = _Second.connection = own.copy()
        kept.inc_thread_sharing()
    return kept


def _given_back(second: BaseDatabaseWrapper, sql: str, parameters: Sequence[Any]) -> Rows:
    """Return the rows; the connection is free again before whoever waits for them can ask anew."""
    try:
        return _rows(second, sql, parameters)
    finally:
        _lent.release()


def _rows(second: BaseDatabaseWrapper, sql: str, parameters: Sequence[Any]) -> Rows:
    second.close_if_unusable_or_obsolete()  # as Django does with the others when a request begins
    with second.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
