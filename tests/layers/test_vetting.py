"""Does vetting say the catalogue's code, at the right place, mend only what is clear, and survive hostile shapes?"""

from __future__ import annotations

import math
import os
import threading
import time
from pathlib import Path

import pytest
from django.contrib.gis.geos import GEOSGeometry, LineString, MultiPolygon, Point, Polygon
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import vetting
from layers.errors import InputRefused, TooManyRequests
from layers.geomchild.pool import POOL, ChildError, Pool
from layers.grid import geometry_hash, hash_on_grid, on_grid
from layers.vetting import LIVE, REPAIR, STORED, Limits, vet

X0, Y0 = 480_000, 1_415_000


def at_home(wkt: str) -> GEOSGeometry:
    """Read WKT in metres from the corner (X0, Y0)."""
    import numpy as np
    import shapely

    moved = shapely.transform(shapely.from_wkt(wkt), lambda xy: np.add(xy, (X0, Y0)))
    return GEOSGeometry(memoryview(shapely.to_wkb(moved)), srid=9218)


def star(points: int, radius: float = 1_000) -> Polygon:
    """Draw the worst self-crossing ring of so many points (about n²/2 crossings)."""
    step = points // 2
    ring = [
        (
            X0 + radius * math.cos(2 * math.pi * index * step / points),
            Y0 + radius * math.sin(2 * math.pi * index * step / points),
        )
        for index in range(points)
    ]
    return Polygon([*ring, ring[0]], srid=9218)


def circle(points: int, radius: float = 500) -> Polygon:
    ring = [
        (X0 + radius * math.cos(2 * math.pi * index / points), Y0 + radius * math.sin(2 * math.pi * index / points))
        for index in range(points)
    ]
    return Polygon([*ring, ring[0]], srid=9218)


SQUARE = "0 0,100 0,100 100,0 100,0 0"
REFUSED = {
    "bow-tie": ("POLYGON((0 0,100 100,100 0,0 100,0 0))", "SELF_INTERSECTION"),
    "hole outside": (f"POLYGON(({SQUARE}),(200 200,220 200,220 220,200 200))", "HOLE_OUTSIDE"),
    "hole equals shell": (f"POLYGON(({SQUARE}),({SQUARE}))", "GEOM_EMPTY"),
    "hole crosses shell": (f"POLYGON(({SQUARE}),(50 50,150 50,150 70,50 70,50 50))", "SELF_INTERSECTION"),
    "overlapping parts": (f"MULTIPOLYGON((({SQUARE})),((50 50,150 50,150 150,50 150,50 50)))", "SELF_INTERSECTION"),
    "nested parts": (f"MULTIPOLYGON((({SQUARE})),((50 50,60 50,60 80,50 80,50 50)))", "SHELLS_NESTED"),
    "all on one line": ("POLYGON((0 0,10 0,20 0,0 0))", "GEOM_DEGENERATE"),
    "two distinct points": ("POLYGON((0 0,10 0,10 0,0 0))", "GEOM_DEGENERATE"),
    "below 1 m²": ("POLYGON((0 0,0.5 0,0.5 0.5,0 0))", "GEOM_TOO_SMALL"),
    "narrower than 5 cm": ("POLYGON((0 0,1000 0,1000 0.02,0 0.02,0 0))", "GEOM_TOO_SMALL"),
    "a point": ("POINT(0 0)", "GEOM_TYPE"),
    "a line": ("LINESTRING(0 0,1 1)", "GEOM_TYPE"),
    "nothing": ("POLYGON EMPTY", "GEOM_EMPTY"),
}
MENDED = {
    "bow-tie": (REFUSED["bow-tie"][0], "SELF_INTERSECTION", 5_000, True),
    "hole crosses shell": (REFUSED["hole crosses shell"][0], "HOLE_CROSSES", 9_000, True),
    "overlapping parts": (REFUSED["overlapping parts"][0], "PARTS_OVERLAP", 17_500, True),
    "nested parts": (REFUSED["nested parts"][0], "SHELLS_NESTED", 10_000, True),
    "holes overlap": (
        f"POLYGON(({SQUARE}),(20 20,50 20,50 50,20 50,20 20),(40 40,70 40,70 70,40 70,40 40))",
        "HOLES_OVERLAP",
        8_300,
        True,
    ),
    "duplicate hole": (
        f"POLYGON(({SQUARE}),(20 20,50 20,50 50,20 20),(20 20,50 20,50 50,20 20))",
        "HOLES_OVERLAP",
        9_550,
        True,
    ),
}
HARMLESS = {
    "spike": ("POLYGON((0 0,100 0,100 100,50 100,50 200,50 100,0 100,0 0))", "SPIKE", 10_000),
    "keyhole": ("POLYGON((0 0,100 0,100 50,50 50,60 60,40 60,50 50,0 50,0 0))", "RING_SELF_TOUCH", 5_100),
    "parts share an edge": (
        f"MULTIPOLYGON((({SQUARE})),((100 0,200 0,200 100,100 100,100 0)))",
        "PARTS_SHARE_EDGE",
        20_000,
    ),
    "collection": (f"GEOMETRYCOLLECTION(POINT(0 0),POLYGON(({SQUARE})))", "GEOM_COLLECTION", 10_000),
    "hole without area": (f"POLYGON(({SQUARE}),(10 10,20 10,30 10,10 10))", "SLIVER_DROPPED", 10_000),
}


@pytest.mark.parametrize("name", REFUSED)
def test_live_refuses_with_the_catalogue_code(name: str) -> None:
    wkt, code = REFUSED[name]
    with pytest.raises(InputRefused) as refused:
        vet(at_home(wkt))
    assert refused.value.code == code
    assert refused.value.message and refused.value.todo and code not in refused.value.message


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_defects_are_mended_quietly(name: str) -> None:
    wkt, code, area = HARMLESS[name]
    for limits in (LIVE, STORED, REPAIR):
        zone = vet(at_home(wkt), limits)
        assert zone.area_m2 == pytest.approx(area, abs=0.01)
        assert code in [notice.code for notice in zone.notices]
        assert not any(notice.confirm for notice in zone.notices)
        assert zone.geom.valid and isinstance(zone.geom, MultiPolygon)


@pytest.mark.parametrize("name", MENDED)
def test_full_repair_follows_meaning(name: str) -> None:
    wkt, code, area, confirm = MENDED[name]
    zone = vet(at_home(wkt), REPAIR)
    assert zone.area_m2 == pytest.approx(area, abs=0.01)
    notice = next(notice for notice in zone.notices if notice.code == code)
    assert notice.confirm is confirm
    assert notice.after_m2 == pytest.approx(area, abs=0.01) and notice.before_m2 is not None


def test_ambiguous_repair_returns_both_readings() -> None:
    with pytest.raises(InputRefused) as refused:
        vet(star(5), REPAIR)
    error = refused.value
    assert error.code == "REPAIR_AMBIGUOUS"
    whole, without_centre = error.detail["readings"]
    assert whole.area > without_centre.area + 1 and whole.valid and without_centre.valid
    assert error.detail["area_m2"] == pytest.approx(whole.area, rel=1e-6)


def test_place_is_told_in_words_and_numbers() -> None:
    with translation.override("vi"), pytest.raises(InputRefused) as refused:
        vet(at_home(REFUSED["bow-tie"][0]))
    assert refused.value.detail["at"] == (X0 + 50, Y0 + 50)
    assert "1.415.050,00" in refused.value.where and "480.050,00" in refused.value.where


@pytest.mark.parametrize("points", [101, 201, 1001])
@pytest.mark.parametrize("limits", [LIVE, REPAIR])
def test_stars_are_answered_quickly(points: int, limits: Limits) -> None:
    started = time.monotonic()
    with pytest.raises(InputRefused):
        vet(star(points), limits)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(("operation", "code"), [("spin", "GEOM_TOO_COMPLEX"), ("hoard", "GEOM_TOO_COMPLEX")])
def test_a_child_that_spins_or_hoards_is_ended_and_replaced(operation: str, code: str) -> None:
    started = time.monotonic()
    with pytest.raises(InputRefused) as refused:
        vetting.call(operation, timeout=1.0)
    assert refused.value.code == code and time.monotonic() - started < 4
    assert vet(circle(30)).area_m2 > 0


def test_a_killed_child_is_gone_and_the_next_one_serves() -> None:
    pid = int(vetting.call("ping").info["pid"])
    os.kill(pid, 9)
    deadline = time.monotonic() + 5
    while ") Z " not in Path(f"/proc/{pid}/stat").read_text() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert vet(circle(30)).area_m2 > 0
    assert not Path(f"/proc/{pid}").exists()


def test_the_child_knows_no_secret() -> None:
    pid = int(vetting.call("ping").info["pid"])
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"DATABASE_URL" not in environment and b"SECRET" not in environment and b"PASSWORD" not in environment


def test_when_all_children_are_busy_the_person_is_told() -> None:
    pool = Pool(size=1)
    blocked = threading.Event()

    def spin() -> None:
        blocked.set()
        with pytest.raises(ChildError):
            pool.request("spin", [], {}, timeout=1.5)

    thread = threading.Thread(target=spin)
    thread.start()
    blocked.wait()
    time.sleep(0.1)
    with pytest.raises(ChildError) as failure:
        pool.request("ping", [], {}, timeout=0.2)
    thread.join()
    pool.close()
    assert failure.value.reason == "busy"
    assert isinstance(vetting._failure(failure.value), TooManyRequests)


def test_threads_share_the_pool() -> None:
    areas: list[float] = []
    threads = [
        threading.Thread(target=lambda: areas.extend(vet(circle(60)).area_m2 for _ in range(20))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(areas) == 120 and len(set(areas)) == 1


def test_vertex_caps() -> None:
    assert vet(circle(2_000)).area_m2 > 0
    with pytest.raises(InputRefused) as refused:
        vet(circle(2_001))
    assert refused.value.code == "TOO_MANY_VERTICES"
    assert vet(circle(10_000), STORED).area_m2 > 0


def test_wrong_srid_never_reaches_the_child() -> None:
    with pytest.raises(InputRefused) as refused:
        vet(Polygon.from_bbox((108, 12, 109, 13)))
    assert refused.value.code == "CRS_MISMATCH"


def test_narrow_neck_and_sliver_are_pointed_at() -> None:
    neck = at_home(
        "POLYGON((0 0,100 0,100 49.9,150 49.9,150 0,200 0,200 100,150 100,150 50.1,100 50.1,100 100,0 100,0 0))"
    )
    assert [notice.code for notice in vet(neck, STORED).notices] == ["NARROW_NOTICE"]
    sliver = at_home(f"POLYGON(({SQUARE}),(10 10,60 10,60 10.01,10 10.01,10 10))")
    assert "SLIVER_NOTICE" in [notice.code for notice in vet(sliver, STORED).notices]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=4, max_size=9))
def test_vetting_is_a_fixed_point(corners: list[tuple[int, int]]) -> None:
    ring = [(X0 + 7.3 * x, Y0 + 5.7 * y) for x, y in corners]
    try:
        zone = vet(Polygon([*ring, ring[0]], srid=9218), REPAIR)
    except InputRefused:
        return
    again = vet(zone.geom, LIVE)
    assert zone.geom.valid and bytes(again.geom.wkb) == bytes(zone.geom.wkb)
    assert bytes(zone.geom.wkb) == bytes(on_grid(zone.geom).wkb)  # the live check relies on it
    assert geometry_hash(zone.geom) == hash_on_grid(zone.geom)


def test_features_in_bulk_keep_order_and_refuse_one_by_one() -> None:
    good, bad = bytes(circle(12).wkb), bytes(star(301).wkb)
    results = list(vetting.vet_features([good, bad, good, b"\x01\x02", good], "polygon"))
    assert [result.refused.code if result.refused else "" for result in results] == [
        "",
        "GEOM_TOO_COMPLEX",
        "",
        "GEOM_CORRUPT",
        "",
    ]
    assert results[0].wkb == results[4].wkb and results[0].area_m2 == pytest.approx(750_000, rel=0.01)
    lines = list(vetting.vet_features([bytes(LineString((X0, Y0), (X0, Y0), (X0 + 5, Y0)).wkb)], "line"))
    assert GEOSGeometry(memoryview(lines[0].wkb)).coords == ((X0, Y0), (X0 + 5, Y0))
    points = list(vetting.vet_features([bytes(Point(X0 + 0.00049, Y0).wkb)], "point"))
    assert GEOSGeometry(memoryview(points[0].wkb)).coords == (X0, Y0)


def lines(*coordinates: tuple[tuple[float, float], ...]) -> list[LineString]:
    return [LineString(*[(X0 + x, Y0 + y) for x, y in line], srid=9218) for line in coordinates]


def test_split_tiles_the_zone_north_west_first() -> None:
    zone = vet(at_home(f"POLYGON(({SQUARE}))")).geom
    pieces = vetting.split_by_lines(zone, lines(((-10, 33.3333), (110, 66.1)), ((50, -10), (50, 200))))
    assert len(pieces) == 4
    assert sum(piece.area for piece in pieces) == pytest.approx(10_000, abs=1e-6)
    assert pieces[0].centroid.y > pieces[-1].centroid.y
    for index, piece in enumerate(pieces):
        assert all(piece.intersection(other).area < 1e-9 for other in pieces[index + 1 :])


def test_lines_that_cut_nothing_change_nothing_and_say_so() -> None:
    zone = vet(at_home(f"POLYGON(({SQUARE}))")).geom
    reply = vetting.call("cut", zone, *lines(((10, 10), (40, 40)), ((-5, 50), (105, 50)), ((50, 50), (50, 300))))
    assert reply.info["used"] == [False, True, True] and len(reply.geoms) == 3


def test_crumbs_join_their_neighbour() -> None:
    zone = vet(at_home(f"POLYGON(({SQUARE}))")).geom
    pieces = vetting.split_by_lines(zone, lines(((-10, 0.005), (110, 0.005))))
    assert [round(piece.area, 6) for piece in pieces] == [10_000]


def test_a_hole_and_several_parts_are_cut_too() -> None:
    zone = vet(
        at_home(f"MULTIPOLYGON((({SQUARE}),(40 40,60 40,60 60,40 60,40 40)),((200 0,300 0,300 100,200 100,200 0)))")
    ).geom
    pieces = vetting.split_by_lines(zone, lines(((-10, 50), (310, 50))))
    assert len(pieces) == 4 and sum(piece.area for piece in pieces) == pytest.approx(19_600, abs=1e-6)


def test_cut_out_takes_the_area_and_says_what_is_lost() -> None:
    zone = vet(at_home(f"POLYGON(({SQUARE}))")).geom
    left, lost = vetting.cut_out(zone, at_home("POLYGON((90 -10,200 -10,200 200,90 200,90 -10))"))
    assert lost == pytest.approx(1_000, abs=0.5) and left.area_m2 == pytest.approx(9_000, abs=0.5)
    with pytest.raises(InputRefused) as refused:
        vetting.cut_out(zone, at_home("POLYGON((-10 -10,200 -10,200 200,-10 200,-10 -10))"))
    assert refused.value.code == "GEOM_EMPTY"


def test_pool_is_not_inherited_by_a_fork() -> None:
    pool = Pool(size=1)
    pool.request("ping", [], {}, timeout=5)
    pool._pid = -1
    assert pool.request("ping", [], {}, timeout=5)[0]["result"]["pid"] > 0
    assert POOL is not pool
    pool.close()


def test_a_child_that_was_prepared_is_the_one_that_serves() -> None:
    pool = Pool(size=1)
    pool.prepare()
    pool.prepare()
    (child,) = pool._idle
    head, _blobs = pool.request("ping", [], {}, timeout=20.0)
    assert head["result"]["pid"] == child.process.pid
    pool.close()


def test_long_work_leaves_a_child_to_the_others() -> None:
    """Hold the pool with repairs that take long: a live question does not wait for them, another repair does."""
    pool = Pool(size=2)
    held = threading.Barrier(2)

    def repair() -> None:
        held.wait()
        with pytest.raises(ChildError):
            pool.request("spin", [], {}, timeout=4.0)

    thread = threading.Thread(target=repair)
    thread.start()
    held.wait()
    time.sleep(0.3)
    started = time.monotonic()
    pool.request("ping", [], {}, timeout=2.0)
    assert time.monotonic() - started < 2
    with pytest.raises(ChildError) as failure:
        pool.request("ping", [], {}, timeout=4.0, wait=0.2)
    thread.join()
    pool.close()
    assert failure.value.reason == "busy"


def test_waiting_is_not_taken_from_the_time_to_compute() -> None:
    """Wait behind a shape that takes its whole time: the own, harmless one is then still computed, not refused."""
    pool = Pool(size=1)
    held = threading.Barrier(2)

    def spin() -> None:
        held.wait()
        with pytest.raises(ChildError):
            pool.request("spin", [], {}, timeout=1.2)

    thread = threading.Thread(target=spin)
    thread.start()
    held.wait()
    time.sleep(0.1)
    head, _out = pool.request("ping", [], {}, timeout=1.6)
    thread.join()
    pool.close()
    assert head["result"]["pid"]


TINY = "POLYGON((0 0,0.0002 0,0.0002 0.0002,0 0))"
TINY_HOLE = f"POLYGON(({SQUARE}),(50 50,50.0002 50,50.0002 50.0002,50 50))"


@pytest.mark.parametrize("wkt", [TINY, TINY_HOLE])
def test_a_ring_below_a_millimetre_is_refused_and_not_an_error(wkt: str) -> None:
    with pytest.raises(InputRefused) as refused:
        vet(at_home(wkt))
    assert refused.value.code == "GEOM_DEGENERATE"
    with pytest.raises(InputRefused) as refused:
        on_grid(at_home(wkt))
    assert refused.value.code == "GEOM_DEGENERATE"
    assert refused.value.todo
    (alone, sound) = vetting.vet_features([bytes(at_home(wkt).wkb), bytes(circle(12).wkb)], "polygon")
    assert alone.refused is not None and alone.refused.code == "GEOM_DEGENERATE"
    assert sound.refused is None
