"""What has a web process done before the first person draws? The child runs, the datum is proven, the pages are loaded.

Otherwise the first person at each process waits a second for each. It asks the database nothing.
"""

from __future__ import annotations

import gc
import logging
import threading

from django.urls import get_resolver

from layers.crs import point_to_wgs84
from layers.errors import DatNgheError
from layers.vetting import warm

logger = logging.getLogger(__name__)


def warm_up() -> None:
    """Start the child, load the libraries of the check and all pages; a failure is logged and met again by a request.

    What is loaded then stays for good: the collector of cycles no longer looks through it, which took 0.1 s of some
    request in three hundred.
    """
    try:
        warm()
        point_to_wgs84(500_000.0, 1_400_000.0)
    except DatNgheError as error:
        logger.warning("a web process could not warm up: %s", error)
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()


def warm_up_beside() -> threading.Thread:
    """Do so beside serving; pages that need neither do not wait."""
    thread = threading.Thread(target=warm_up, name="warm-up", daemon=True)
    thread.start()
    return thread
