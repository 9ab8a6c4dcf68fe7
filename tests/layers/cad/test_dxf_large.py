"""Does a drawing as large as an upload may be come in, in the time a file has that nobody waits for?"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from layers.intake import read_vector_file
from layers.intake.archive import unpacked_bytes
from layers.intake.cad.options import CadOptions
from layers.intake.limits import LAYER, PROPOSAL, UPLOAD_BYTES, WAITED_FOR_BYTES, IntakeLimits
from layers.intake.refusals import refusal
from tests.layers.cad.drawings import EAST, NORTH
from tests.layers.files import refused


@pytest.mark.parametrize(
    ("size", "seconds"),
    [(0, 20.0), (WAITED_FOR_BYTES, 20.0), (WAITED_FOR_BYTES + 2**20, 21.5), (10 * UPLOAD_BYTES, 120.0)],
)
def test_a_larger_file_has_more_time_but_never_more_than_a_layer(size: int, seconds: float) -> None:
    assert PROPOSAL.for_size(size).seconds == seconds
    assert LAYER.for_size(size) == LAYER and PROPOSAL.for_size(size).vertices == PROPOSAL.vertices


def sheet(path: Path, size: int) -> Path:
    """Write a topographic sheet of R12 with one boundary: an element for each corner, dearest to read."""
    draw = random.Random(4)
    with path.open("w", newline="\r\n") as file:
        file.write("  0\nSECTION\n  2\nHEADER\n  9\n$ACADVER\n  1\nAC1009\n  0\nENDSEC\n  0\nSECTION\n  2\nENTITIES\n")
        square = [(0.0, 0.0), (400.0, 0.0), (400.0, 300.0), (0.0, 300.0)]
        file.write(polyline(square, "RANH_GIOI", closed=True))
        while file.tell() < size:
            x, y = draw.uniform(0, 5_000), draw.uniform(0, 5_000)
            contour = [(x := x + draw.uniform(-5, 5), y := y + draw.uniform(-5, 5)) for _corner in range(60)]
            file.write(polyline(contour, "DONG_MUC", closed=False))
        file.write("  0\nENDSEC\n  0\nEOF\n")
    return path


def polyline(corners: Sequence[tuple[float, float]], layer: str, *, closed: bool) -> str:
    head = f"  0\nPOLYLINE\n  8\n{layer}\n 66\n1\n 70\n{int(closed)}\n 10\n0.0\n 20\n0.0\n 30\n0.0\n"
    spots = (f"  0\nVERTEX\n  8\n{layer}\n 10\n{EAST + x:.3f}\n 20\n{NORTH + y:.3f}\n 30\n0.0\n" for x, y in corners)
    return f"{head}{''.join(spots)}  0\nSEQEND\n  8\n{layer}\n"


@pytest.mark.django_db
def test_a_zipped_drawing_has_the_time_of_what_it_unpacks_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sheet(tmp_path / "to.dxf", 2 * WAITED_FOR_BYTES)
    archive = tmp_path / "to.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(path, path.name)
    given: list[IntakeLimits] = []

    def noted(*_args: Any, limits: IntakeLimits, **_more: Any) -> Any:
        given.append(limits)
        raise refusal("FILE_TOO_COMPLEX")

    monkeypatch.setattr("layers.intake.read.stream_from_child", noted)
    for sent in (path, archive):
        refused("FILE_TOO_COMPLEX", lambda sent=sent: read_vector_file(sent, sent.name, limits=PROPOSAL))
    assert archive.stat().st_size < WAITED_FOR_BYTES < unpacked_bytes(archive) == path.stat().st_size
    assert given[0] == given[1] == PROPOSAL.for_size(path.stat().st_size) != PROPOSAL


@pytest.mark.slow
@pytest.mark.django_db
def test_fifty_megabytes_of_contours_are_asked_about_and_their_boundary_taken(tmp_path: Path) -> None:
    path = sheet(tmp_path / "to_ban_do.dxf", UPLOAD_BYTES - 8_192)
    limits = PROPOSAL.for_size(path.stat().st_size)
    error = refused("MULTIPLE_LAYERS", lambda: read_vector_file(path, path.name, limits=limits))
    assert sorted(error.detail["layers"]) == ["DONG_MUC", "RANH_GIOI"]
    intake = read_vector_file(path, path.name, limits=limits, cad=CadOptions(layers=("RANH_GIOI",)))
    assert intake.shapes[0].area == pytest.approx(120_000)


def test_an_archive_that_the_gate_refuses_counts_as_it_is(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("to.dxf", b"\0" * 10 * WAITED_FOR_BYTES)
    torn = tmp_path / "torn.zip"
    torn.write_bytes(bomb.read_bytes()[:1_000])
    assert all(unpacked_bytes(path) == path.stat().st_size for path in (bomb, torn)), "refused at once, by the page"
