"""What do all papers of one package say alike? Codes, decision, area, coordinate system: gathered once, in Vietnamese.

Nothing of the day of printing is among them: the same version in the same state of the procedure gives the same facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from layers.crs import Zone, meridian_label, operation_name, storage_srid, zone_of
from mapping import formats
from mapping.papers.cells import plain
from mapping.papers.corner_table import corner_count
from mapping.papers.models import BoundaryCode
from mapping.papers.paper_context import province_of
from mapping.papers.survey.placed import Placed
from planning.proposals.models import Decision, Proposal, VersionKind, ZoneVersion
from planning.proposals.standing import standing_of


@dataclass(frozen=True)
class Facts:
    """What is said of *version* in the zone *srid*; *editions* are those of its kept report, *day* the report's day."""

    version: ZoneVersion
    proposal: Proposal
    decision: Decision | None
    srid: int
    corners: int
    code: str
    address: str
    editions: Sequence[int]
    day: date

    @property
    def decided(self) -> bool:
        """Tell whether a decision stands behind this boundary; until then every paper is a draft."""
        return self.decision is not None

    @property
    def zone(self) -> Zone:
        """Return the zone."""
        return zone_of(self.srid)

    @property
    def meridian(self) -> str:
        """Return the central meridian as surveyors write it."""
        return meridian_label(self.srid)

    @property
    def own_zone(self) -> bool:
        """Tell whether this is the province's zone, in which the boundary is exactly the stored one."""
        return self.srid == storage_srid()

    @property
    def crs_text(self) -> str:
        """Name the coordinate system as a corner table prints it."""
        return f"Hệ tọa độ VN-2000, kinh tuyến trục {self.meridian}, múi chiếu {self.zone.width}°"

    @property
    def own_crs_text(self) -> str:
        """Name the province's system, in which areas are measured and the boundary is kept."""
        return f"VN-2000, kinh tuyến trục {meridian_label()}, múi chiếu {zone_of(storage_srid()).width}°"

    @property
    def operation(self) -> str:
        """Name the datum operation."""
        return operation_name()

    @property
    def area_ha(self) -> float:
        """Return the area in hectares, measured in the province's zone."""
        return self.version.area_m2 / 10_000

    @property
    def area_text(self) -> str:
        """Write the area, with the zone it is measured in when that is another one."""
        text = f"Diện tích: {formats.hectares(self.area_ha)} ({formats.square_metres(self.version.area_m2, 1)})"
        return text if self.own_zone else f"{text}, tính trong hệ tọa độ của tỉnh ({self.own_crs_text})"

    @property
    def decision_text(self) -> str:
        """Name the decision, or say that there is none."""
        if self.decision is None:
            return "chưa có quyết định (dự thảo)"
        return f"số {plain(self.decision.number)}, ngày {formats.date(self.decision.decided_on)}"

    @property
    def measured(self) -> bool:
        """Tell whether the boundary is the one that was measured when the decided one was staked out."""
        return self.version.kind == VersionKind.MEASURED

    @property
    def standing_code(self) -> str:
        """Return the standing as the GIS files carry it in every row."""
        if not self.decided:
            return "DỰ THẢO"
        return "ĐO ĐẠC THEO QUYẾT ĐỊNH" if self.measured else "ĐÃ QUYẾT ĐỊNH"

    @property
    def standing_day(self) -> date:
        """Return since when it stands so: the day of the decision, or when the draft or the measured one was kept."""
        return self.day if self.decision is None or self.measured else self.decision.decided_on

    @property
    def standing_text(self) -> str:
        """Say in one line what the boundary is, for tables, drawings and globe files."""
        if self.measured and self.decided:
            return f"Ranh giới đo đạc ngày {formats.date(self.day)} theo quyết định {self.decision_text}"
        if self.decided:
            return f"Quyết định {self.decision_text}"
        return f"{self.stamp}: chưa có quyết định, không dùng để cắm mốc"

    @property
    def stamp(self) -> str:
        """Return what lies across a drawing of a draft; nothing for a decided boundary."""
        return "" if self.decided else f"DỰ THẢO (lưu ngày {formats.date(self.day)})"

    @property
    def kind_text(self) -> str:
        """Name the version: drawn or measured."""
        measured = ", theo kết quả đo đạc" if self.measured else ""
        return f"lần {self.version.number}{measured}, lưu ngày {formats.date(self.version.at)}"

    @property
    def unit_text(self) -> str:
        """Name the commune and its province."""
        unit = self.proposal.unit
        province = province_of(unit)
        above = f", {province.kind_name.lower()} {province.name}" if unit != province else ""
        return plain(f"{unit.full_name}{above}")

    @property
    def province_text(self) -> str:
        """Name the province."""
        return plain(province_of(self.proposal.unit).full_name)

    @property
    def schematic(self) -> bool:
        """Tell whether the borders of communes are illustrations only."""
        return bool(self.proposal.unit.schematic)


def facts_of(version: ZoneVersion, place: Placed) -> Facts:
    """Gather the facts of *version*; the code on its papers is given out the first time it is asked for."""
    # the report kept with the version, not a later one: asked again, the paper stays the same
    run = version.check_runs.order_by("at", "id").first()
    editions = [int(row["id"]) for row in run.basis.get("editions", []) if "id" in row] if run is not None else []
    code = code_of(version)
    return Facts(
        version=version,
        proposal=version.proposal,
        decision=standing_of(version).decision,
        srid=place.srid,
        corners=corner_count(place.blocks),
        code=code,
        address=settings.PUBLIC_ADDRESS + reverse("public:verify", args=[code]),
        editions=editions,
        day=timezone.localdate(version.at),
    )


def code_of(version: ZoneVersion) -> str:
    """Return the code that papers about *version* print."""
    return BoundaryCode.objects.get_or_create(version=version)[0].code
