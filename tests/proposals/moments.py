"""How do tests act on another day? By moving the clock that every verb asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from unittest import mock


@contextmanager
def acting_at(moment: datetime) -> Iterator[None]:
    """Let ``django.utils.timezone.now`` answer *moment* (aware) inside the block, model defaults included."""

    class Then(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return moment.astimezone(tz or UTC)

    with mock.patch("django.utils.timezone.datetime", Then):
        yield
