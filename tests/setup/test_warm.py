"""Is the geometry child there before the first person draws, and does a failure leave the site up?"""

from __future__ import annotations

import logging

import pytest

from layers.errors import TooManyRequests
from layers.geomchild.pool import POOL
from project import warm


def test_a_child_waits_before_the_first_check() -> None:
    POOL.close()
    warm.warm_up_beside().join(30)
    assert len(POOL._idle) == 1


def test_a_failure_is_told_and_does_not_stop_the_process(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def busy() -> None:
        raise TooManyRequests("busy")

    monkeypatch.setattr(warm, "warm", busy)
    with caplog.at_level(logging.WARNING):
        warm.warm_up()
    assert "could not warm up" in caplog.text
