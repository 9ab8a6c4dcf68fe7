"""What has a web process done before the first person draws? The geometry child runs, the datum pipeline is proven.

Otherwise the first check of each process waits about a second for both. It asks the database nothing.
"""

from __future__ import annotations

import logging
import threading

from layers.crs import point_to_wgs84
from layers.errors import DatNgheError
from layers.vetting import warm

logger = logging.getLogger(__name__)


def warm_up() -> None:
    """Start the child and load the libraries of the check; a failure is logged, the first request meets it again."""
    try:
        warm()
        point_to_wgs84(500_000.0, 1_400_000.0)
    except DatNgheError as error:
        logger.warning("a web process could not warm up: %s", error)


def warm_up_beside() -> threading.Thread:
    """Do so beside serving; pages that need neither do not wait."""
    thread = threading.Thread(target=warm_up, name="warm-up", daemon=True)
    thread.start()
    return thread
