"""Who and what do tests play with? A fixed cast of people and a small land measured in metres.

The land: origin O = (480 000 E, 1 400 000 N) in the storage CRS. Former district "Huyện Thử" is the square
O … O + 20 km; it passed on 1 July 2025 to two communes: "Xã Đông" (east half) and "Xã Tây" (west half). "Xã Xa" lies
10 km further east, in another former district, "Huyện Xa". Areas are mental arithmetic: `square(0, 0, 500)` is 25 ha.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point, Polygon

from layers.models import AdminLevel, AdminSuccession, AdminUnit, LegalInstrument, SuccessionKind
from planning.people.capabilities import Role
from planning.people.models import Assignment, User

EAST0, NORTH0 = 480_000.0, 1_400_000.0
REFORM = date(2025, 7, 1)
LAST_OLD_DAY = date(2025, 6, 30)
TODAY = date(2026, 11, 22)


def rectangle(east: float, north: float, width: float, height: float) -> Polygon:
    """Build a rectangle by its lower left corner, metres from the origin of the land."""
    e, n = EAST0 + east, NORTH0 + north
    ring = ((e, n), (e + width, n), (e + width, n + height), (e, n + height), (e, n))
    return Polygon(ring, srid=settings.STORAGE_SRID)


def square(east: float, north: float, side: float) -> Polygon:
    """Build a square by its lower left corner; ``square(0, 0, 500)`` is 25 ha."""
    return rectangle(east, north, side, side)


def multi(*polygons: GEOSGeometry) -> MultiPolygon:
    """Gather polygons into one multipolygon."""
    return MultiPolygon(*polygons, srid=settings.STORAGE_SRID)


def point(east: float, north: float) -> Point:
    """Build a point, metres from the origin of the land."""
    return Point(EAST0 + east, NORTH0 + north, srid=settings.STORAGE_SRID)


@dataclass(frozen=True)
class Land:
    """The administrative units of the tests."""

    province: AdminUnit
    old_district: AdminUnit
    far_district: AdminUnit
    east: AdminUnit
    west: AdminUnit
    far: AdminUnit


@dataclass(frozen=True)
class Cast:
    """The people of the tests; names say what they are."""

    planner: User
    colleague: User
    stranger: User  # a planner of the far district
    appraiser: User
    leader: User
    recorder: User
    steward: User
    fund_officer: User
    fund_confirmer: User
    commune_officer: User
    inspector: User
    administrator: User
    nobody: User  # an account without any assignment

    def everyone(self) -> dict[str, User]:
        """Return the whole cast by name."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def make_land() -> Land:
    """Create the units of the tests."""
    for code, vi, en, rank in (
        ("province", "Tỉnh", "Province", 1),
        ("district", "Huyện", "District", 2),
        ("commune", "Xã", "Commune", 3),
    ):
        AdminLevel.objects.get_or_create(code=code, defaults={"name_vi": vi, "name_en": en, "rank": rank})

    def unit(code: str, kind: str, name: str, level: str, geom: Polygon, **more: object) -> AdminUnit:
        return AdminUnit.objects.create(
            code=code, kind_name=kind, name=name, level_id=level, geom=multi(geom), **{"valid_from": REFORM, **more}
        )

    province = unit(
        "66", "Tỉnh", "Thử", "province", rectangle(-5_000, -5_000, 60_000, 30_000), valid_from=date(2004, 1, 1)
    )
    old: dict[str, object] = {"valid_from": date(2004, 1, 1), "valid_to": LAST_OLD_DAY, "parent": province}
    old_district = unit("651", "Huyện", "Thử", "district", square(0, 0, 20_000), **old)
    far_district = unit("652", "Huyện", "Xa", "district", square(30_000, 0, 10_000), **old)
    west = unit("24001", "Xã", "Tây", "commune", rectangle(0, 0, 10_000, 20_000), parent=province, mountainous=True)
    east = unit("24002", "Xã", "Đông", "commune", rectangle(10_000, 0, 10_000, 20_000), parent=province)
    far = unit("24003", "Xã", "Xa", "commune", square(30_000, 0, 10_000), parent=province)
    for predecessor, successor in ((old_district, west), (old_district, east), (far_district, far)):
        AdminSuccession.objects.create(predecessor=predecessor, successor=successor, kind=SuccessionKind.LEVEL, share=1)
    return Land(province, old_district, far_district, east, west, far)


def make_cast(land: Land) -> Cast:
    """Create the people of the tests with their assignments."""

    def person(username: str, name: str, role: Role | None, unit: AdminUnit | None = None) -> User:
        user = User.objects.create_user(username=username, password="datnghe", full_name=name)
        if role:
            Assignment.objects.create(user=user, role=role, unit=unit, valid_from=date(2025, 7, 1))
        return user

    return Cast(
        planner=person("planner", "H'Bia Niê", Role.PLANNER, land.old_district),
        colleague=person("colleague", "Y Thắm Mlô", Role.PLANNER, land.old_district),
        stranger=person("stranger", "Trần Văn Xa", Role.PLANNER, land.far_district),
        appraiser=person("appraiser", "Nguyễn Thị Lan", Role.APPRAISER),
        leader=person("leader", "Trần Quốc Hùng", Role.LEADER),
        recorder=person("recorder", "Lê Thị Mai", Role.RECORDER),
        steward=person("steward", "Phạm Hải Nam", Role.STEWARD),
        fund_officer=person("fund_officer", "Võ Minh Thu", Role.FUND_OFFICER),
        fund_confirmer=person("fund_confirmer", "Đặng Văn Bình", Role.FUND_CONFIRMER),
        commune_officer=person("commune_officer", "H'Điêm Kbuôr", Role.COMMUNE_OFFICER, land.west),
        inspector=person("inspector", "Bùi Ngọc Khánh", Role.INSPECTOR),
        administrator=person("administrator", "Hoàng Anh Tuấn", Role.ADMINISTRATOR),
        nobody=person("nobody", "Không Phận Sự", None),
    )


def make_instrument(number: str = "32/2024/NĐ-CP") -> LegalInstrument:
    """Create or fetch a legal instrument."""
    return LegalInstrument.objects.get_or_create(
        number=number, defaults={"title": "Nghị định về quản lý, phát triển cụm công nghiệp", "issuer": "Chính phủ"}
    )[0]
