"""Do columns come through a pipe as they went in, whatever they hold, and is what no column says refused?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import DatNgheError
from layers.intake.packed import Columns
from layers.intake.wire import pack, unpack

plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.lists(st.integers(), max_size=2)
)
alike = st.one_of(
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1),
    st.lists(st.integers(-(2**70), 2**70), min_size=1),
    st.lists(st.text(), min_size=1),
    st.lists(st.booleans(), min_size=1),
    st.lists(plain),
)


def same(one: Any, other: Any) -> bool:
    """Compare types, too: 1, 1.0 and True are three values to whoever reads them."""
    return repr(one) == repr(other)


@given(columns=st.lists(alike, max_size=4))
def test_columns_come_back_as_they_went(columns: list[list[Any]]) -> None:
    assert same(unpack(pack(columns)), columns)


@pytest.mark.parametrize(
    "column",
    [
        ["a\nb", "c"],
        ["", ""],
        [""],
        ["\n"],
        [],
        [None, "a"],
        ["a\ud800b", "Đắk"],
        [2**63, 1],
        [-(2**63), 2**63 - 1],
        [True, 1],
        [1, 1.0],
        [-0.0, 5e-324, 1.7976931348623157e308, 0.1],
        [{"a": [1, None]}, "b"],
        ["\x85", "\u2028\r", "\x1c"],
    ],
    ids=repr,
)
def test_awkward_columns_come_back_as_they_went(column: list[Any]) -> None:
    assert same(unpack(pack([column, ["x"] * len(column)])), [column, ["x"] * len(column)])


def test_what_json_cannot_hold_is_refused_when_it_is_packed() -> None:
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="JSON"):
            pack([[1.0, value]])


def told(*columns: tuple[Any, bytes], sizes: list[Any] | None = None) -> bytes:
    head = json.dumps([[kind, len(body)] for kind, body in columns] if sizes is None else sizes).encode()
    return len(head).to_bytes(4, "little") + head + b"".join(body for _kind, body in columns)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xff\xff\xff",
        told(("j", b"[1,2]"))[:-1],
        told(("j", b"[1,2]")) + b"!",
        told(("j", b"{")),
        told(("j", b"7")),
        told(("j", b'{"a":1,"b":2}')),
        told(("j", b"[" * 100_000)),
        told(("t", b"\xff\n")),
        told(("t", b"one")),
        told(("f", b"1234567")),
        told(("i", b"12345678")),
        told(("x", b"[1,2]")),
        told((["j"], b"[1,2]")),
        told(("j", b"[1,2]"), sizes=[["j", -5], ["j", 10]]),
        told(("j", b"[1,2]"), sizes=[["j", "5"]]),
        told(("j", b"[1,2]"), sizes=[5]),
        told(("j", b"[1,2]"), sizes=[["j"]]),
    ],
    ids=lambda data: repr(data[:40]),
)
def test_a_child_that_says_something_else_is_refused(data: bytes) -> None:
    with pytest.raises(DatNgheError) as caught:
        Columns(data, 2).rows()
    assert caught.value.code == "FILE_UNREADABLE"


def test_a_number_that_is_none_is_no_number() -> None:
    nan = b"\x00\x00\x00\x00\x00\x00\xf8\x7f"
    assert unpack(told(("f", nan + bytes(8)))) == [[None, 0.0]]
