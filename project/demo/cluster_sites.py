"""Where do the demo's clusters lie, as ground? Rectangles of the recorded area at invented places.

The register itself is filled elsewhere.
"""

from __future__ import annotations

from functools import cache

from project.demo.figures_reader import read_figures
from project.demo.row import Row
from project.demo.shapes import as_multi, plot


@cache
def cluster_sites() -> tuple[Row, ...]:
    """Return one site per cluster, class = its slug, area = the established area."""
    return tuple(
        Row(
            as_multi(plot(figure["at"], figure["established_ha"] * 1e4, ratio=1.35, bearing=figure["bearing"])),
            figure["name"],
            figure["slug"],
        )
        for figure in read_figures("clusters")["cluster"]
    )
