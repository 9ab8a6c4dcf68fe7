"""Is a file that two children read in turns the file that one child reads, and does nothing stay behind?"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.errors import DatNgheError
from layers.intake import IntakeLimits, limits, read_vector_file, run
from layers.intake.in_turns import Frame, in_turns
from layers.intake.read import Intake
from layers.intake.reader_gdal import BATCH
from tests.cast import EAST0, NORTH0, Land
from tests.layers import files

LARGE = IntakeLimits(features=20_000, vertices=1_000_000, seconds=120.0)
Names = Callable[[int], str]


def many(folder: Path, count: int, name: Names, encoding: str = "UTF-8") -> Path:
    corners = [(EAST0 + 12_000 + 4 * (i % 100), NORTH0 + 5_000 + 4 * (i // 100)) for i in range(count)]
    shapes: list[Any] = [shapely.box(x, y, x + 3, y + 3) for x, y in corners]
    shapes[count // 2] = None
    return files.shapefile_zip(folder, shapes, names=[name(i) for i in range(count)], encoding=encoding)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    found: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def start(*given: Any, **more: Any) -> subprocess.Popen[bytes]:
        child = popen(*given, **more)
        if "layers.intake.reader" in given[0]:
            found.append(child)
        return child

    monkeypatch.setattr(subprocess, "Popen", start)
    return found


def told(intake: Intake) -> tuple[Any, ...]:
    """Return all that a file says."""
    shapes = list(shapely.to_wkb(list(intake.shapes)))
    numbered = list(intake.rows), list(intake.numbers), intake.counts, list(intake.placeless)
    return intake.fields, shapes, numbered, intake.texts, intake.notices, intake.question, intake.candidates


@pytest.mark.django_db
@pytest.mark.parametrize("kept", [limits.FEATURES, 6_000], ids=["in memory", "in a file"])
@pytest.mark.parametrize("count", [BATCH + 1, 2 * BATCH, 2 * BATCH + 1, 3 * BATCH])
def test_two_children_read_what_one_reads(
    count: int, kept: int, tmp_path: Path, land: Land, started: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = many(tmp_path, count, lambda i: f"Thửa đất số {i}")
    monkeypatch.setattr(limits, "FEATURES", kept)
    alone = told(read_vector_file(path, path.name, limits=LARGE, declared_unit=land.east))
    assert len(started) == 1
    monkeypatch.setattr(limits, "SHARED_BYTES", 0)
    both = told(read_vector_file(path, path.name, limits=LARGE, declared_unit=land.east))
    assert len(started) == 3
    assert both == alone


@pytest.mark.django_db
def test_a_file_of_one_batch_needs_no_second_child(
    tmp_path: Path, land: Land, started: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SHARED_BYTES", 0)
    path = many(tmp_path, 40, str)
    assert len(read_vector_file(path, path.name, limits=LARGE).rows) == 39
    assert all(child.poll() is not None for child in started)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["tcvn3", "cp1258", "utf-8"])
def test_both_read_texts_as_the_first_found_them_written(
    key: str, tmp_path: Path, land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the first batch is plain: what the second child reads was found out from all
    path = many(tmp_path, BATCH + 300, lambda i: f"Khu {i}" if i < BATCH else f"Đất ở đô thị {i}")
    if key != "utf-8":
        path = recoded(path, tmp_path, key)
    alone = told(read_vector_file(path, path.name, limits=LARGE))
    monkeypatch.setattr(limits, "SHARED_BYTES", 0)
    intake = read_vector_file(path, path.name, limits=LARGE)
    assert told(intake) == alone
    assert intake.texts is not None and intake.texts.chosen == key
    assert intake.rows[-1][0] == f"Đất ở đô thị {BATCH + 299}"


def recoded(path: Path, folder: Path, key: str) -> Path:
    """Return the zipped shapefile with its texts in another code page and no word about which."""
    import zipfile

    from tests.layers import encoders

    with zipfile.ZipFile(path) as archive:
        members: dict[str, bytes | Path] = {name: archive.read(name) for name in archive.namelist()}
    table = bytes(members["ranh.dbf"])
    start, width = int.from_bytes(table[8:10], "little"), int.from_bytes(table[10:12], "little")
    rows = [table[at : at + width] for at in range(start, len(table) - 1, width)]
    made = [row[:1] + encoders.ENCODERS[key](row[1:].decode().rstrip()).ljust(width - 1) for row in rows]
    members["ranh.dbf"] = table[:start] + b"".join(made) + table[start + len(rows) * width :]
    return files.zipped(
        folder / "khac.zip", {name: body for name, body in members.items() if not name.endswith(".cpg")}
    )


@pytest.mark.django_db
def test_limits_count_over_both(tmp_path: Path, land: Land, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SHARED_BYTES", 0)
    path = many(tmp_path, 2 * BATCH + 1, str)
    for cap, code in (
        (IntakeLimits(features=2 * BATCH, vertices=1_000_000, seconds=120.0), "TOO_MANY_FEATURES"),
        (IntakeLimits(features=2 * BATCH - 1, vertices=1_000_000, seconds=120.0), "TOO_MANY_FEATURES"),
        (IntakeLimits(features=20_000, vertices=5 * 2 * BATCH - 1, seconds=120.0), "TOO_MANY_VERTICES"),
    ):
        with pytest.raises(DatNgheError) as caught:
            read_vector_file(path, path.name, limits=cap)
        assert caught.value.code == code


@pytest.mark.django_db
@pytest.mark.parametrize("which", [0, 1])
def test_a_child_that_dies_is_told_and_takes_all_with_it(
    which: int, tmp_path: Path, land: Land, started: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = many(tmp_path / "in", 4 * BATCH, str)  # one more batch of each is too large for a pipe
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    monkeypatch.setattr(limits, "SHARED_BYTES", 0)
    answer = run._answer

    def killed(child: Any, asked: Any, *more: Any) -> Generator[Frame, None, None]:
        for number, frame in enumerate(answer(child, asked, *more)):
            yield frame
            if number == 1 - ("rest" in asked) and child is started[which]:
                os.kill(child.pid, signal.SIGKILL)

    monkeypatch.setattr(run, "_answer", killed)
    with pytest.raises(DatNgheError) as caught:
        read_vector_file(path, path.name, limits=LARGE)
    assert caught.value.code in {"FILE_UNREADABLE", "FILE_TOO_COMPLEX"}
    assert [child.poll() is not None for child in started] == [True, True]
    assert list(scratch.iterdir()) == []


@pytest.mark.django_db
def test_each_of_two_may_cost_half(tmp_path: Path, land: Land, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SHARED_BYTES", 0)
    path = many(tmp_path, 2 * BATCH, str)
    answer, caps = run._answer, []

    def noted(child: Any, asked: Any, *more: Any) -> Generator[Frame, None, None]:
        for frame in answer(child, asked, *more):
            yield frame
            if "columns" in frame[0]:
                text = Path(f"/proc/{child.pid}/limits").read_text()
                caps.append(
                    [int(line.split()[3]) for line in text.splitlines() if "address space" in line or "cpu" in line]
                )

    monkeypatch.setattr(run, "_answer", noted)
    read_vector_file(path, path.name, limits=LARGE)
    assert caps == [[61, limits.CHILD_MEMORY_BYTES // 2]] * 2


def frames(*said: dict[str, Any], ended: list[str], name: str) -> Generator[Frame, None, None]:
    try:
        for head in said:
            yield head, []
    finally:
        ended.append(name)


def test_what_is_said_of_features_comes_in_their_order_and_of_the_file_once() -> None:
    def ring(feature: int) -> dict[str, Any]:
        return {"code": "RING_ROLE", "params": {"feature": feature}}

    clean, z = {"code": "TEXT_CONTROL_CHARS", "params": {}}, {"code": "OK_Z_DROPPED", "params": {}}
    ended: list[str] = []
    first = frames(
        {"start": {"rest": {"chosen": "utf-8"}}},
        {"n": 0},
        {"n": 2},
        {"end": {"notices": [z, ring(2), ring(11), clean]}},
        ended=ended,
        name="first",
    )
    second = frames({"n": 1}, {"end": {"notices": [ring(7), clean]}}, ended=ended, name="second")
    got = [head for head, _blobs in in_turns(first, lambda _rest: second)]
    assert got[:4] == [{"start": {}}, {"n": 0}, {"n": 1}, {"n": 2}]
    assert got[4:] == [{"end": {"notices": [z, clean, ring(2), ring(7), ring(11)]}}]
    assert ended == ["second", "first"]


def test_whoever_stops_listening_ends_both() -> None:
    ended: list[str] = []
    first = frames({"start": {"rest": {}}}, {"n": 0}, {"n": 2}, ended=ended, name="first")
    second = frames({"n": 1}, {"n": 3}, ended=ended, name="second")
    both = in_turns(first, lambda _rest: second)
    assert [next(both)[0] for _turn in range(3)] == [{"start": {}}, {"n": 0}, {"n": 1}]
    both.close()  # type: ignore[attr-defined]
    assert ended == ["second", "first"]
