"""How does the demo get a history with dates of last year? Verbs run at a moment of the past, in this process only.

The register's rows are append-only, so dates cannot be corrected afterwards; nothing but the loader uses this.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

from django.utils import timezone

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


@contextmanager
def at_moment(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> Iterator[None]:
    """Run the block as if it were this moment in Vietnam; `django.utils.timezone.now` answers it everywhere."""
    moment = datetime(year, month, day, hour, minute, tzinfo=LOCAL)

    class Frozen(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return moment.astimezone(tz) if tz is not None else moment.replace(tzinfo=None)

    with mock.patch.object(timezone, "datetime", Frozen):
        yield
