"""How is one row of the bad-input catalogue tried? A file goes through the intake as a planner's would, and is judged.

Judged are outcome, code, status, what a person reads in both languages, and that a refusal leaves nothing behind: not
in the database, not in the storage, not in the temporary folder. It does not know any row; the themes beside it do.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import shapely
from django.conf import settings
from django.db import connection
from django.utils import translation

from layers import messages, vetting
from layers.errors import DatNgheError
from layers.geomchild.refusal import Refusal
from layers.intake import refusals
from layers.intake.read import Intake, read_vector_file, to_zone
from layers.vetting import Notice, VettedZone
from tests.cast import Land
from tests.layers.files import HERE

Make = Callable[[Path], Path]
OUTCOMES = ("accept", "repair", "ask", "reject")
# What a repair of the geometry changes: such a notice tells the place and the area before and after.
OF_AREA = frozenset(
    {
        "SELF_INTERSECTION", "SPIKE", "HOLE_CROSSES", "HOLES_OVERLAP", "SHELLS_NESTED", "PARTS_OVERLAP",
        "PARTS_SHARE_EDGE", "RING_SELF_TOUCH", "TOUCH_AFTER_TRANSFORM",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One file of one row: what it is, and what must become of it.

    *codes*: of the refusal, of the question, or of every notice that must be there (*repair*, *accept*). *says*: a
    regular expression that the Vietnamese message, place or thing to do must hold. *area_m2*: of the zone it becomes.
    """

    row: int
    name: str
    make: Make
    outcome: str
    codes: tuple[str, ...] = ()
    status: int = 422
    says: str = ""
    area_m2: float | None = None
    confirm: bool | None = None
    seconds: float = 20.0
    read: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"r{self.row:03d} {self.name}"


@dataclass
class Answer:
    """What the intake said: the refusal or the zone, in one shape."""

    outcome: str
    code: str = ""
    status: int = 0
    message: str = ""
    todo: str = ""
    where: str = ""
    english: tuple[str, str] = ("", "")
    detail: Mapping[str, Any] = field(default_factory=dict)
    intake: Intake | None = None
    zone: VettedZone | None = None

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Return every notice a person is shown."""
        if self.zone is not None:
            return self.zone.notices
        return self.intake.notices if self.intake is not None else ()

    @property
    def codes(self) -> set[str]:
        """Return the codes of all notices."""
        return {notice.code for notice in self.notices}


def send(path: Path, land: Land, **read: Any) -> Answer:
    """Read a file for "Xã Đông" and make a zone of it as far as no person has to be asked; in Vietnamese."""
    with translation.override("vi"), _said() as said:
        intake = None
        try:
            intake = read_vector_file(path, path.name, **{"declared_unit": land.east, **read})
            if intake.question:
                text = (intake.question_text, intake.question_todo)
                english = _english(said, *text)
                return Answer("ask", intake.question, 200, *text, "", english, {}, intake)
            if intake.kind != "polygon":
                return Answer("accept", intake=intake)
            zone = to_zone(intake, _best(intake))
        except (DatNgheError, Refusal) as refused:
            return _refused(refused, said, intake)
        mended = any(notice.code in OF_AREA or not notice.code.startswith("OK_") for notice in zone.notices)
        return Answer("repair" if mended else "accept", intake=intake, zone=zone)


def judge(case: Case, folder: Path, land: Land) -> Answer:
    """Send the case's file and hold the answer against the row; return it for what else a test wants to know."""
    path = case.make(folder)
    before = fingerprint()
    with temporary(folder) as left:
        answer = send(path, land, **case.read)
    assert left() == [], f"left in the temporary folder: {left()}"
    told = f"{answer.outcome} {answer.code} {sorted(answer.codes)} «{answer.message}» {answer.where}"
    assert answer.outcome == case.outcome, told
    if case.outcome in {"reject", "ask"}:
        assert (answer.code,) == case.codes, told
        assert_told(answer)
        if case.outcome == "reject":
            assert answer.status == case.status, told
    else:
        assert set(case.codes) <= answer.codes, told
        for notice in answer.notices:
            if notice.code in case.codes:
                assert_notice(notice, case.confirm)
    if case.area_m2 is not None:
        assert answer.zone is not None and math.isclose(answer.zone.area_m2, case.area_m2, abs_tol=0.6), (
            answer.zone and answer.zone.area_m2
        )
    if case.says:
        text = " ".join([answer.message, answer.where, answer.todo, *(item.message for item in answer.notices)])
        assert re.search(case.says, text), text
    # Reading is a question, never a deed: only a person's "take" stores, and it goes through the verbs of a room.
    assert fingerprint() == before, "reading changed the database or the storage"
    return answer


def assert_told(answer: Answer) -> None:
    """Hold what a person reads against "what, where, what to do", in Vietnamese and in English."""
    assert answer.message and answer.todo, (answer.code, answer.message, answer.todo)
    english, todo = answer.english
    assert english and todo and english != answer.message and todo != answer.todo, (answer.english, answer.message)
    for text in (answer.message, answer.todo, english, todo):
        assert answer.code not in text and "%(" not in text and "…" not in text, text
        assert "Traceback" not in text and "/tmp" not in text and "Error" not in text, text


def assert_notice(notice: Notice, confirm: bool | None) -> None:
    """Hold a notice against "nothing is changed silently": words, and for areas place and area before and after."""
    assert notice.message and notice.code not in notice.message and "%(" not in notice.message, notice
    if notice.code in OF_AREA:
        assert notice.at is not None and math.dist(notice.at, HERE) < 5_000, notice
        assert notice.before_m2 is not None and notice.after_m2 is not None, notice
    if confirm is not None:
        assert notice.confirm is confirm, notice


def fingerprint(*besides: str) -> dict[str, object]:
    """Return a hash of all rows of every table (but those *besides*) and one of every stored file."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND table_type = 'BASE TABLE' AND table_name <> 'spatial_ref_sys' ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall() if name not in besides]
        each = " UNION ALL ".join(
            f"SELECT '{name}', count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM \"{name}\" t"
            for name in tables
        )
        cursor.execute(each)
        found: dict[str, object] = {name: (count, digest) for name, count, digest in cursor.fetchall()}
    root = Path(settings.MEDIA_ROOT)
    stored = {
        str(item.relative_to(root)): hashlib.sha256(item.read_bytes()).hexdigest()
        for item in root.rglob("*")
        if item.is_file()
    }
    return {**found, **stored}


@contextmanager
def temporary(folder: Path) -> Iterator[Callable[[], list[str]]]:
    """Give the reading a temporary folder of its own and a way to see what it left there."""
    import tempfile

    own = folder / "tmp"
    own.mkdir()
    own.chmod(0o777)
    with mock.patch.object(tempfile, "tempdir", str(own)):
        yield lambda: sorted(str(item.relative_to(own)) for item in own.rglob("*"))


@contextmanager
def _said() -> Iterator[list[tuple[str, Mapping[str, Any], Mapping[str, tuple[str, str]]]]]:
    """Note every sentence that is spoken, so that the same one can be asked for in English without a second reading."""
    said: list[tuple[str, Mapping[str, Any], Mapping[str, tuple[str, str]]]] = []

    def note(code: str, params: Mapping[str, Any], table: Mapping[str, tuple[str, str]] = messages.GEOMETRY) -> Any:
        said.append((code, params, table))
        return messages.sentence(code, params, table)

    with mock.patch.object(refusals, "sentence", note), mock.patch.object(vetting, "sentence", note):
        yield said


def _english(said: list[tuple[str, Any, Any]], message: str, todo: str) -> tuple[str, str]:
    for code, params, table in reversed(said):
        spoken, thing = messages.sentence(code, params, table)
        if spoken == message and todo.startswith(thing):  # a hint may follow what to do
            with translation.override("en"):
                return messages.sentence(code, params, table)
    return "", ""


def _refused(refused: DatNgheError | Refusal, said: list[Any], intake: Intake | None) -> Answer:
    if isinstance(refused, Refusal):
        return Answer("reject", refused.code, detail=refused.params)
    choice = refused.detail.get("layers") or refused.detail.get("offers") or refused.code == "REPAIR_AMBIGUOUS"
    english = _english(said, refused.message, refused.todo)
    return Answer(
        "ask" if choice else "reject", refused.code, refused.status, refused.message, refused.todo, refused.where,
        english, refused.detail, intake,
    )  # fmt: skip


def _best(intake: Intake) -> Any:
    assert intake.best is not None
    return intake.best


def here(wkt: str) -> Any:
    """Read WKT in metres from a place in "Xã Đông"."""
    return shapely.transform(shapely.from_wkt(wkt), lambda xy: np.add(xy, HERE))
