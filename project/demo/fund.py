"""What did the fund pay in the demo province? Sixty funded projects; published amounts where they exist."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from django.contrib.gis.geos import Point
from django.utils import timezone

from layers.crs import storage_srid
from layers.models import LegalInstrument
from planning.people.models import User
from planning.registers.models import (
    Allocation,
    CraftVillage,
    FundedProject,
    FundedProjectState,
    FundingSource,
    FundYear,
    IndustrialCluster,
    PartyKind,
)
from planning.registers.services import History, HistoryPayment, ProjectInput, party_named, record_history
from project.demo.figures_reader import read_figures, read_rows
from project.demo.frame import rng
from project.demo.ground import Places

MILLION = Decimal(1_000_000)
CENTRE = "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp"
STATES = {
    "settled": FundedProjectState.SETTLED,
    "late": FundedProjectState.SETTLED,
    "accepted": FundedProjectState.ACCEPTED,
    "running": FundedProjectState.RUNNING,
    "contracted": FundedProjectState.CONTRACTED,
    "planned": FundedProjectState.PLANNED,
    "stopped": FundedProjectState.STOPPED,
    "recovered": FundedProjectState.RECOVERED,
    "unaccepted": FundedProjectState.RUNNING,
}


@dataclass(frozen=True)
class Books:
    """What funded projects refer to: units, villages and clusters."""

    places: Places
    villages: dict[str, CraftVillage]
    clusters: dict[str, IndustrialCluster]


def load_fund(
    places: Places,
    people: dict[str, User],
    villages: dict[str, CraftVillage],
    clusters: dict[str, IndustrialCluster],
) -> dict[str, FundedProject]:
    """Create years, allocations and funded projects that are not there yet; return the projects by code."""
    allocations = _allocations(people)
    books = Books(places, villages, clusters)
    known = {project.code: project for project in FundedProject.objects.all()}
    numbers: dict[int, int] = {}
    for row in read_rows("funded_projects"):
        year = int(row["year"])
        numbers[year] = numbers.get(year, 0) + 1
        code = f"KC-{year}-{numbers[year]:03d}"
        if code not in known:
            given = _input(row, code, allocations, books)
            known[code] = record_history(None, given, _history(row, code))
    return known


def _allocations(people: dict[str, User]) -> dict[tuple[int, str], Allocation]:
    figures = read_figures("fund")
    decree = LegalInstrument.objects.filter(number="45/2012/NĐ-CP").first()
    sources = {
        source["level"]: FundingSource.objects.update_or_create(
            code=source["code"], defaults={"name": source["name"], "level": source["level"], "instrument": decree}
        )[0]
        for source in figures["source"]
    }
    found: dict[tuple[int, str], Allocation] = {}
    month, day = (int(part) for part in figures["settlement_due"].split("-"))
    for level, source in sources.items():
        for year_text, millions in figures[level].items():
            year = int(year_text)
            fund_year, _created = FundYear.objects.get_or_create(
                year=year,
                defaults={
                    "settlement_due": date(year + 1, month, day),
                    "closed_on": date(year + 1, 6, 30) if year < 2025 else None,
                },
            )
            found[(year, level)] = Allocation.objects.get_or_create(
                fund_year=fund_year,
                source=source,
                decision=f"{100 + year % 100}/QĐ-UBND (minh hoạ)",
                defaults={
                    "amount_vnd": millions * MILLION,
                    "decided_on": date(year, 1, 20),
                    "created_by": people["thu.fund"],
                    "confirmed_by": people["binh.confirmer"],
                    "confirmed_at": timezone.now(),
                },
            )[0]
    return found


def _input(
    row: dict[str, str], code: str, allocations: dict[tuple[int, str], Allocation], books: Books
) -> ProjectInput:
    year, unit = int(row["year"]), books.places.communes[row["unit"]]
    village, cluster = books.villages.get(row["village"]), books.clusters.get(row["cluster"])
    return ProjectInput(
        title=row["title"],
        allocation=allocations[(year, row["level"])],
        activity=row["activity"],
        implementer=party_named(CENTRE, PartyKind.PUBLIC_BODY),
        beneficiary=party_named(row["beneficiary"], row["beneficiary_kind"], unit),
        unit=unit,
        granted_vnd=int(row["granted"]) * MILLION,
        counterpart_vnd=int(row["counterpart"]) * MILLION,
        code=code,
        unit_as_reported=unit.full_name,
        location=_location(code, village, cluster, unit.geom.point_on_surface),
        village=village,
        cluster=cluster,
        recoverable=row["outcome"] == "recovered",
        content_key=row["content"],
        starts_on=date(year, 3, 1),
        ends_on=date(year, 11, 30),
        source=row["source"],
        illustrative=not row["source"],
    )


def _location(code: str, village: CraftVillage | None, cluster: IndustrialCluster | None, middle: Point) -> Point:
    """Return a place near the village, inside the cluster, or near the middle of the commune; whole metres."""
    random = rng("project", code)
    if cluster is not None and cluster.location is not None:
        centre, reach = cluster.location, 60.0
    elif village is not None:
        centre, reach = village.location, 350.0
    else:
        centre, reach = middle, 900.0
    east, north = np.round(np.array([centre.x, centre.y]) + random.uniform(-reach, reach, 2))
    return Point(float(east), float(north), srid=storage_srid())


def _history(row: dict[str, str], code: str) -> History:
    """Return dates and payments that lead to the outcome of the figure file."""
    year, outcome, granted = int(row["year"]), row["outcome"], int(row["granted"]) * MILLION
    state = STATES[outcome]
    if outcome == "planned":
        return History(state=state)
    shift = timedelta(days=int(rng("days", code).integers(0, 40)))
    signed = date(year, 4, 5) + shift
    contract = History(state=state, contract_number=f"{code}/HĐ", signed_on=signed)
    if outcome == "contracted":
        return contract
    advance = (granted * Decimal("0.5")).quantize(MILLION)
    first = HistoryPayment("advance", advance, signed + timedelta(days=20), f"UNC {code}-1")
    if outcome in {"running", "unaccepted"}:
        return replace(contract, payments=(first,))
    if outcome == "stopped":
        recovery = HistoryPayment("recovery", advance, signed + timedelta(days=260), f"Thu hồi {code}")
        return replace(contract, payments=(first, recovery))
    accepted = date(year, 10, 10) + shift
    rest = HistoryPayment("final", granted - advance, accepted + timedelta(days=12), f"UNC {code}-2")
    if outcome == "accepted":
        return replace(contract, payments=(first,), accepted_on=accepted)
    settled_on = date(year + 1, 5, 20) + shift if outcome == "late" else accepted + timedelta(days=25)
    payments: tuple[HistoryPayment, ...] = (first, rest)
    if outcome == "recovered":
        payments = (first, rest, HistoryPayment("recovery", granted, date(year + 2, 3, 15), f"Hoàn trả {code}"))
    return replace(
        contract,
        liquidated_on=settled_on - timedelta(days=5),
        payments=payments,
        accepted_on=accepted,
        settled_on=settled_on,
        settled_vnd=granted,
    )
