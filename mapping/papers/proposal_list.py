"""How does a list of proposals leave the house? As the page shows it: code, state, hectares, verdict, days left, zone.

The rows were chosen for the person by `planning.proposals.queries`; nothing is added here that the page does not show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from mapping.papers.export import Column, Kind, Query, checked, listed
from mapping.papers.xlsx import HECTARE_FORMAT
from mapping.verdict_words import verdict_shown
from planning.proposals.queries import Row

COLUMNS = checked(
    [
        Column("code", "ma_ho_so", _("Code"), width=16),
        Column("name", "ten", _("Name"), width=34),
        Column("kind", "loai", _("Kind"), width=26),
        Column("unit", "xa", _("Commune"), width=24),
        Column("state", "trang_thai", _("State"), width=22),
        Column("area_ha", "dien_tich", _("Area, ha"), Kind.NUMBER, HECTARE_FORMAT, 12),
        Column("verdict", "ket_luan", _("Verdict"), width=30),
        Column("days_left", "con_ngay", _("Days left"), Kind.WHOLE, width=10),
    ]
)


def proposal_list(rows: Iterable[Row]) -> Query:
    """Return the query of these rows in their order, with the zone each of them shows."""
    found: list[Mapping[str, Any]] = []
    for row in rows:
        proposal, zone = row.proposal, row.zone
        found.append(
            {
                "id": proposal.pk,
                "code": proposal.code,
                "name": proposal.name,
                "kind": str(proposal.get_kind_display()),
                "unit": proposal.unit.full_name,
                "state": str(proposal.get_state_display()),
                "area_ha": row.area_ha,
                "verdict": verdict_shown(row.verdicts).text if row.verdicts else "",
                "days_left": None if row.clock is None or row.clock.paused else row.clock.left,
                "zone": None if zone is None else zone.hexewkb.decode(),
            }
        )
    return listed(found, COLUMNS, place="line.zone::geometry", geometry="polygon", more=("zone text",))
