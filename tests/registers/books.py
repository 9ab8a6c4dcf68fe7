"""Which books do the tests of the fund and the registers play with? One confirmed allocation of 1 000 million đồng."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from threading import Barrier

from django.db import connection

from planning.registers.models import (
    Activity,
    Allocation,
    ClusterKind,
    CraftVillage,
    FundedProject,
    FundingSource,
    FundLevel,
    FundYear,
    IndustrialCluster,
    Lifecycle,
    Party,
    PartyKind,
    PaymentKind,
    TradeGroup,
    VillageKind,
)
from planning.registers.services import (
    ProjectInput,
    allocate,
    confirm_allocation,
    confirm_payment,
    enter_payment,
    enter_project,
    load_register_catalogue,
    open_year,
    party_named,
    record_acceptance,
    sign_contract,
)
from tests.cast import Cast, Land, point

MILLION = 1_000_000
YEAR = 2026
SIGNED = date(2026, 3, 1)
PAID = date(2026, 4, 1)


@dataclass(frozen=True)
class Books:
    """The rows the tests start from."""

    cast: Cast
    land: Land
    year: FundYear
    source: FundingSource
    allocation: Allocation
    company: Party
    household: Party
    village: CraftVillage
    cluster: IndustrialCluster

    def given(self, **changes: object) -> ProjectInput:
        """Return what a person would enter: 500 million for a weaving workshop in the west."""
        plain = ProjectInput(
            title="Hỗ trợ máy dệt thổ cẩm",
            allocation=self.allocation,
            activity=Activity.MACHINERY,
            implementer=self.company,
            beneficiary=self.company,
            unit=self.land.west,
            granted_vnd=500 * MILLION,
            counterpart_vnd=500 * MILLION,
            village=self.village,
            location=point(1_000, 1_000),
        )
        return replace(plain, **changes)  # type: ignore[arg-type]

    def planned(self, **changes: object) -> FundedProject:
        """Return a project in the plan."""
        return enter_project(self.cast.fund_officer, self.given(**changes))

    def contracted(self, **changes: object) -> FundedProject:
        """Return a project with a contract over the whole grant."""
        project = self.planned(**changes)
        sign_contract(
            self.cast.fund_officer, project, number="01/HĐ-KC", signed_on=SIGNED, amount_vnd=project.granted_vnd
        )
        return fresh(project)

    def running(self, advance: int = 300 * MILLION, **changes: object) -> FundedProject:
        """Return a project with a confirmed advance."""
        project = self.contracted(**changes)
        payment = enter_payment(
            self.cast.fund_officer,
            project,
            PaymentKind.ADVANCE,
            advance,
            PAID,
            idempotency_key=f"{project.code}-advance",
        )
        confirm_payment(self.cast.fund_confirmer, payment)
        return fresh(project)

    def accepted(self, **changes: object) -> FundedProject:
        """Return a project whose acceptance passed."""
        project = self.running(**changes)
        record_acceptance(self.cast.fund_officer, project, accepted_on=date(2026, 9, 1), passed=True)
        return fresh(project)


def fresh(project: FundedProject) -> FundedProject:
    """Read a project again."""
    return FundedProject.objects.get(pk=project.pk)


def make_books(cast: Cast, land: Land, amount: int = 1_000 * MILLION) -> Books:
    """Create the books with the figures of the law; one person enters the allocation, another confirms it."""
    load_register_catalogue()
    source = FundingSource.objects.create(
        code="dia-phuong", name="Kinh phí khuyến công địa phương", level=FundLevel.LOCAL
    )
    year = open_year(cast.fund_officer, YEAR, settlement_due=date(2027, 1, 31))
    allocation = allocate(cast.fund_officer, year, source, amount, decision="10/QĐ-UBND", decided_on=date(2026, 1, 15))
    confirm_allocation(cast.fund_confirmer, allocation)
    return Books(
        cast=cast,
        land=land,
        year=year,
        source=source,
        allocation=Allocation.objects.get(pk=allocation.pk),
        company=party_named("Hợp tác xã dệt Tơng Bông", PartyKind.LEGAL),
        household=party_named("Y Thử Niê", PartyKind.HOUSEHOLD, land.west),
        village=make_village(land),
        cluster=IndustrialCluster.objects.create(
            slug="cum-thu",
            name="Cụm công nghiệp Thử",
            kind=ClusterKind.CLUSTER,
            lifecycle=Lifecycle.OPERATING,
            unit=land.east,
            valid_from=date(2015, 1, 1),
        ),
    )


def make_village(land: Land, **changes: object) -> CraftVillage:
    """Create a weaving village in the west."""
    values: dict[str, object] = {
        "slug": "buon-thu",
        "name": "Buôn Dệt Thử",
        "kind": VillageKind.UNRECOGNISED,
        "trade_group": TradeGroup.WOOD_TEXTILE,
        "trade": "weaving",
        "trade_name_vi": "dệt thổ cẩm",
        "trade_name_en": "brocade weaving",
        "unit": land.west,
        "location": point(1_200, 1_200),
    }
    return CraftVillage.objects.create(**{**values, **changes})


def committed(allocation: Allocation) -> Decimal:
    """Read what is committed of an allocation."""
    return Allocation.objects.get(pk=allocation.pk).committed_vnd


def at_once(times: int, act: Callable[[int], object]) -> list[object]:
    """Run *act* in threads that start together, each with its own connection; an exception is a result too."""
    gate = Barrier(times)

    def one(number: int) -> object:
        try:
            gate.wait(timeout=30)
            return act(number)
        except Exception as error:  # noqa: BLE001 - what went wrong is what the test looks at
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))
