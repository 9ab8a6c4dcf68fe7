"""Is the geometry child there before the first person draws, and does a failure leave the site up?"""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys

import pytest

from layers.errors import TooManyRequests
from layers.geomchild.pool import POOL
from project import warm


def test_a_child_waits_before_the_first_check() -> None:
    POOL.close()
    warm.warm_up_beside().join(30)
    gc.unfreeze()  # this process does not serve
    assert len(POOL._idle) == 1


def test_a_process_that_serves_has_its_pages_loaded_and_looks_no_more_through_them() -> None:
    """Ask a process of its own: in this one the tests have loaded everything."""
    script = """
import gc, sys, threading
import project.wsgi
for thread in threading.enumerate():
    if thread.name == "warm-up":
        thread.join(60)
assert "mapping.desks.draw.views_api" in sys.modules
assert gc.get_freeze_count() > 50_000, gc.get_freeze_count()
"""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "project.settings"}
    ended = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr.decode()


def test_a_failure_is_told_and_does_not_stop_the_process(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def busy() -> None:
        raise TooManyRequests("busy")

    monkeypatch.setattr(warm, "warm", busy)
    with caplog.at_level(logging.WARNING):
        warm.warm_up()
    gc.unfreeze()  # this process does not serve
    assert "could not warm up" in caplog.text
