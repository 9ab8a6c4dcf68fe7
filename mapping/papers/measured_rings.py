"""Which numbers do corners have when two boundaries are compared? Those that the corner table prints."""

from __future__ import annotations

from django.contrib.gis.geos import MultiPolygon

from mapping.papers.corner_table import corner_blocks
from planning.proposals.measured import Corner, Ring
from planning.proposals.models import SurveyReturn
from planning.proposals.queries import ReturnComparison, comparison_of_return


def rings_as_printed(geom: MultiPolygon) -> tuple[Ring, ...]:
    """Return the rings of a boundary in the storage CRS, corners numbered as in its corner table."""
    return tuple(
        tuple(Corner(corner.number, corner.y_m, corner.x_m) for corner in block.corners[:-1])
        for block in corner_blocks(geom)
    )


def printed_comparison(returned: SurveyReturn) -> ReturnComparison:
    """Compare a return with its approved version; corners have the numbers of their corner tables."""
    return comparison_of_return(returned, rings_as_printed(returned.version.geom), rings_as_printed(returned.geom))
