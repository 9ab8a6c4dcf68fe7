"""Which rows do the tests of the public desk stand on? Two villages, a cluster, three funded projects."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from planning.registers.models import (
    Allocation,
    AreaKind,
    ClusterArea,
    ClusterBoundary,
    ClusterReport,
    CraftVillage,
    FundedProject,
    FundingSource,
    FundYear,
    IndustrialCluster,
    Party,
    Product,
    VillageYear,
)
from tests.cast import Land, multi, point, square

PERSON = "Y Bhiông Êban"
SCRIPT = '<img src=x onerror="window.__xss=1"><script>window.__xss=1</script>'


@dataclass(frozen=True)
class Books:
    """The rows by name."""

    village: CraftVillage
    hidden: CraftVillage
    cluster: IndustrialCluster
    machine: FundedProject
    household: FundedProject
    planned: FundedProject


def make_books(land: Land, *, about: str = "Nghề dệt lâu đời.") -> Books:
    """Create the rows; the public village stands in "Xã Tây", the cluster in "Xã Đông"."""
    village = CraftVillage.objects.create(
        slug="det-tho-cam",
        name="Dệt thổ cẩm buôn Cư M'gar",
        kind="craft_village",
        trade_group="wood_textile",
        trade="weaving",
        trade_name_vi="Dệt thổ cẩm",
        trade_name_en="Brocade weaving",
        hamlets="buôn Một",
        unit=land.west,
        location=point(2_000, 3_000),
        since_year=1960,
        environment_plan=True,
        cultural_identity=True,
        about_vi=about,
    )
    hidden = CraftVillage.objects.create(
        slug="lang-kin",
        name="Làng chưa công khai",
        kind="unrecognised",
        trade_group="food",
        trade="rice_wine",
        trade_name_vi="Rượu cần",
        trade_name_en="Rice wine",
        unit=land.west,
        location=point(2_500, 3_000),
        is_public=False,
    )
    sent = datetime.datetime(2026, 2, 1, tzinfo=datetime.UTC)
    for year, engaged in ((2023, 60), (2024, 70), (2025, 80)):
        VillageYear.objects.create(
            village=village,
            year=year,
            households_total=300,
            households_engaged=engaged,
            workers=150,
            revenue_vnd=2_000_000_000,
            stable=True,
            sent_at=sent,
        )
    Product.objects.create(village=village, name="Khăn thổ cẩm", ocop_stars=3, ocop_year=2024)
    cluster = IndustrialCluster.objects.create(
        slug="ccn-thu",
        name="CCN Thử",
        lifecycle="operating",
        unit=land.east,
        location=point(12_000, 4_000),
        wastewater_state="building",
        valid_from=datetime.date(2010, 1, 1),
    )
    ClusterArea.objects.create(
        cluster=cluster, kind=AreaKind.PLANNED, area_ha=Decimal("51.50"), on=datetime.date(2016, 6, 30), source="QĐ 1"
    )
    ClusterReport.objects.create(
        cluster=cluster, period_end=datetime.date(2025, 12, 31), leasable_ha=Decimal("40"), leased_ha=Decimal("30")
    )
    zone = multi(square(11_700, 3_700, 600))
    ClusterBoundary.objects.create(
        cluster=cluster,
        kind="decided",
        valid_from=datetime.date(2016, 1, 1),
        decision="Quyết định số 514/QĐ-UBND",
        geom=zone,
        geom_hash="0" * 64,
        area_m2=zone.area,
    )
    centre = Party.objects.create(name="Trung tâm Khuyến công", kind="public_body", public_name="Trung tâm Khuyến công")
    coop = Party.objects.create(name="HTX Tơng Bông", kind="legal", public_name="HTX Tơng Bông")
    person = Party.objects.create(name=PERSON, kind="household", public_name="một hộ ở Xã Tây")
    source = FundingSource.objects.create(code="dia-phuong", name="Kinh phí địa phương", level="local")

    def project(code: str, year: int, beneficiary: Party, state: str, title: str, **place: object) -> FundedProject:
        fund_year, _new = FundYear.objects.get_or_create(
            year=year, defaults={"settlement_due": datetime.date(year + 1, 1, 31)}
        )
        allocation, _new = Allocation.objects.get_or_create(
            fund_year=fund_year,
            source=source,
            decision=f"{year}/QĐ-UBND",
            defaults={"amount_vnd": 4_000_000_000, "decided_on": datetime.date(year, 1, 20)},
        )
        return FundedProject.objects.create(
            code=code,
            title=title,
            allocation=allocation,
            activity="machinery",
            level="local",
            state=state,
            implementer=centre,
            beneficiary=beneficiary,
            unit=land.west,
            granted_vnd=150_000_000,
            counterpart_vnd=600_000_000,
            **place,
        )

    return Books(
        village=village,
        hidden=hidden,
        cluster=cluster,
        machine=project("KC-1", 2023, coop, "settled", "Hỗ trợ máy dệt", village=village),
        household=project("KC-2", 2024, person, "accepted", f"Hỗ trợ khung dệt cho {PERSON}", village=village),
        planned=project("KC-3", 2026, coop, "planned", "Đề án còn trong kế hoạch", village=village),
    )
