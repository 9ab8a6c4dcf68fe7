"""On what made country do tests look for sites? One glade of 1 km² in a forest, by the road; steep land in the east."""

from __future__ import annotations

from typing import Any

from layers.batches.services import run_batch
from layers.models import BatchState
from planning.checks.basis import forget_basis
from planning.checks.screening.area import forget_areas
from planning.checks.screening.question import forget_asked
from planning.checks.screening.wishes import Wishes
from planning.checks.services import load_catalogue
from planning.proposals.models import SiteSearch
from planning.proposals.sites.search import start_search
from tests.cast import Cast, rectangle
from tests.checks.ground import line, publish, row

GLADE = (3_000, 3_000, 1_000, 1_000)


def publish_country() -> None:
    """Publish a country whose west half is forest but for a glade of 1 km², by the road; steep land in the east."""
    for forget in (forget_basis, forget_asked, forget_areas):
        forget()
    glade = rectangle(*GLADE)
    publish("forest_special", [row(rectangle(0, 0, 10_000, 20_000).difference(glade), "Rừng")])
    publish("road", [row(line((0, 2_500), (20_000, 2_500)), "QL.26", "national")])
    publish(
        "slope",
        [row(rectangle(10_000, 0, 10_000, 20_000), "", "15-25"), row(rectangle(0, 0, 10_000, 20_000), "", "0-8")],
    )
    load_catalogue()


def searched(cast: Cast, wishes: Wishes, **more: Any) -> SiteSearch:
    """Search as the planner and give the finished search."""
    search = start_search(cast.planner, wishes, **more)
    assert search.batch_id is not None
    assert run_batch(search.batch_id).state == BatchState.DONE
    search.refresh_from_db()
    return search
