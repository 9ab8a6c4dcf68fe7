"""Where else could a cluster lie in the demo? A site search with its sites, and a screening of the province.

The search is done at once; the screening takes longer than a person waits for a demo and is left to the worker.
"""

from __future__ import annotations

from layers.batches.services import run_batch
from planning.checks.screening.wishes import Wishes
from planning.people.models import User
from planning.proposals.models import CellShape, Screening, SiteSearch
from planning.proposals.screening.start import start_screening
from planning.proposals.sites.search import start_search
from project.demo.ground import Places
from project.demo.moment import at_moment

TITLE = "Chỗ cho một cụm 30 ha gần quốc lộ, tỉnh lộ quanh Ea Kar"
COMMUNES = ("24373", "24403")
CELL_HA = 25.0


def load_elsewhere(places: Places, people: dict[str, User]) -> str:
    """Make the search and ask for the screening, unless they are there; return what was found."""
    planner, appraiser = people["hbia.planner"], people["lan.appraiser"]
    search = SiteSearch.objects.filter(title=TITLE, created_by=planner).first()
    if search is None:
        wishes = Wishes(
            units=tuple(places.communes[code].pk for code in COMMUNES),
            area_ha=30.0,
            min_ha=20.0,
            max_ha=40.0,
            road_m=1_500.0,
            slope_below=8.0,
            compact=0.5,
        )
        with at_moment(2026, 11, 12, 10):
            search = start_search(planner, wishes, title=TITLE)
            if search.batch_id is not None:
                run_batch(search.batch_id, here=True)
    if not Screening.objects.exists():
        with at_moment(2026, 11, 19, 15):
            start_screening(appraiser, shape=CellShape.SQUARE, cell_ha=CELL_HA)
    return f"{search.candidates.count()} sites"
