"""How does the list of funded projects leave the house? As narrowed on the page, with nobody's name in it.

Who may read names reads them one by one on the page, each reading on record; a file would carry them on unrecorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mapping.desks.fund.doors import reader
from mapping.desks.fund.projects import narrowed_projects
from mapping.downloads import given
from mapping.papers.export import Column, Kind, Query, checked, listed
from mapping.papers.xlsx import DATE_FORMAT, MONEY_FORMAT
from planning.registers.models import FundedProject
from planning.registers.models.funded_project import PartyKind
from planning.registers.queries import money_by_project

COLUMNS = checked(
    [
        Column("code", "ma", gettext_lazy("Code"), width=16),
        Column("title", "ten_de_an", gettext_lazy("Funded project"), width=44),
        Column("year", "nam", gettext_lazy("Year"), Kind.WHOLE, width=8),
        Column("activity", "noi_dung", gettext_lazy("Activity"), width=30),
        Column("state", "trang_thai", gettext_lazy("State"), width=20),
        Column("implementer", "thuc_hien", gettext_lazy("Implementer"), width=30),
        Column("beneficiary", "thu_huong", gettext_lazy("Beneficiary"), width=30),
        Column("unit", "xa", gettext_lazy("Commune"), width=24),
        Column("granted_vnd", "ho_tro", gettext_lazy("Support granted, đồng"), Kind.WHOLE, MONEY_FORMAT, 20),
        Column("counterpart_vnd", "doi_ung", gettext_lazy("Counterpart, đồng"), Kind.WHOLE, MONEY_FORMAT, 20),
        Column("paid_vnd", "da_chi", gettext_lazy("Paid, đồng"), Kind.WHOLE, MONEY_FORMAT, 20),
        Column("ends_on", "ket_thuc", gettext_lazy("Ends on"), Kind.DAY, DATE_FORMAT, 14),
        Column("remarks", "canh_bao", gettext_lazy("Remarks"), width=40),
    ]
)
# A household's place is its village's or its commune's, as in the public view.
PLACES = """
    JOIN registers_fundedproject project ON project.id = line.id
    JOIN registers_party beneficiary ON beneficiary.id = project.beneficiary_id
    JOIN registers_party implementer ON implementer.id = project.implementer_id
    JOIN layers_adminunit unit ON unit.id = project.unit_id
    LEFT JOIN registers_craftvillage village ON village.id = project.village_id
    LEFT JOIN registers_industrialcluster cluster ON cluster.id = project.cluster_id
"""
PLACE = """
    CASE WHEN 'household' IN (beneficiary.kind, implementer.kind)
         THEN coalesce(village.location, ST_PointOnSurface(unit.geom))
         ELSE coalesce(project.location, village.location, cluster.location) END
"""


@require_safe
def download(request: HttpRequest, kind: str) -> FileResponse:
    """Give the projects of the page, all pages of it, as a file."""
    reader(request)
    projects, flags, _asked = narrowed_projects(request)
    query = query_of(projects.select_related("allocation__fund_year", "beneficiary", "implementer", "unit"), flags)
    return given(request, query, COLUMNS, kind, name="de-an-khuyen-cong", title=_("Funded projects"))


def query_of(projects: Iterable[FundedProject], flags: Mapping[int, list[Any]]) -> Query:
    """Return the query of these projects in their order; parties under the name that the public reads."""
    kept = list(projects)
    money = money_by_project([project.pk for project in kept])
    rows: list[Mapping[str, Any]] = [
        {
            "id": project.pk,
            "code": project.code,
            "title": nameless_title(project),
            "year": project.allocation.fund_year.year,
            "activity": str(project.get_activity_display()),
            "state": str(project.get_state_display()),
            "implementer": project.implementer.public_name,
            "beneficiary": project.beneficiary.public_name,
            "unit": project.unit.full_name,
            "granted_vnd": project.granted_vnd,
            "counterpart_vnd": project.counterpart_vnd,
            "paid_vnd": money[project.pk].paid_vnd,
            "ends_on": project.ends_on,
            "remarks": "; ".join(str(flag.title) for flag in flags.get(project.pk, ())),
        }
        for project in kept
    ]
    return listed(rows, COLUMNS, place=PLACE, places=PLACES, geometry="point")


def nameless_title(project: FundedProject) -> str:
    """Return the title with the names of households replaced by those the public reads (``sql/public.sql``)."""
    title = str(project.title)
    for party in (project.beneficiary, project.implementer):
        if party.kind == PartyKind.HOUSEHOLD and party.name:
            title = title.replace(party.name, party.public_name)
    return title
