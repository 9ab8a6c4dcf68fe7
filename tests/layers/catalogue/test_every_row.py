"""Has every row of the catalogue a test, do the tests meet the codes of the table, and does the page say the same?"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.layers import catalogue
from tests.layers.catalogue import rows, test_cad
from tests.layers.catalogue.harness import OUTCOMES, Case
from tests.layers.catalogue.test_verdicts import Judged

PAGE = Path(__file__).resolve().parents[3] / "docs" / "bad-input.md"
ID = re.compile(r"r(\d{3}) \S")


def marks() -> list[tuple[str, Any]]:
    """Return (id, value) of every parametrised case of every theme."""
    found = []
    for module in pkgutil.iter_modules(catalogue.__path__):
        if not module.name.startswith("test_"):
            continue
        inside = importlib.import_module(f"{catalogue.__name__}.{module.name}")
        for name, function in vars(inside).items():
            if not name.startswith("test_"):
                continue
            for mark in getattr(function, "pytestmark", []):
                if mark.name == "parametrize":
                    found += list(_cases(mark))
    return found


def _cases(mark: Any) -> list[tuple[str, Any]]:
    values, ids = mark.args[1], mark.kwargs.get("ids")
    out = []
    for index, value in enumerate(values):
        named = getattr(value, "id", None)
        if named is None and ids is not None:
            named = ids(value) if callable(ids) else ids[index]
        out.append((str(named), value))
    return out


def met() -> dict[int, set[str]]:
    """Return the codes that the tests of each row ask for."""
    found: dict[int, set[str]] = defaultdict(set)
    for _name, value in marks():
        if isinstance(value, Case):
            found[value.row] |= set(value.codes)
        elif isinstance(value, Judged):
            found[value.row].add(value.code)
    for row, _name, _draw, code, *_rest in test_cad.READ:
        found[row].add(code)
    # Four rows are tried by tests that build their own case.
    found[2].add("UPLOAD_TOO_LARGE")
    found[52].add("OK_CRS_LEGACY")
    found[90].add("TOO_MANY_RINGS")
    found[112].add("DUPLICATE_UPLOAD")  # tests/desks/intake/test_catalogue.py: only the door knows what came before
    return found


def test_every_row_has_a_test() -> None:
    covered = {int(match[1]) for name, _value in marks() if (match := ID.match(name))}
    assert covered == set(range(1, 117)), sorted(set(range(1, 117)) ^ covered)
    assert [row.number for row in rows.ROWS] == list(range(1, 117))


def test_the_codes_of_the_table_are_those_the_tests_meet() -> None:
    found = met()
    wrong = {
        row.number: (set(row.codes), found[row.number]) for row in rows.ROWS if set(row.codes) != found[row.number]
    }
    assert wrong == {}


def test_every_outcome_is_one_of_four() -> None:
    assert {value.outcome for _name, value in marks() if isinstance(value, Case)} == set(OUTCOMES)


def test_the_page_is_made_of_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == rows.page(), "python -m tests.layers.catalogue.rows > docs/bad-input.md"
