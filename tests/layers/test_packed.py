"""Are packed columns what they say, and is a table called UTF-8 only when every one of its texts surely is?"""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from layers.geomchild.protocol import decode, encode, head_size, json_bytes
from layers.intake.columns import plain_texts
from layers.intake.packed import Columns
from layers.intake.shp_gate import is_utf8
from layers.intake.texts import SAMPLE, Sampler


def test_columns_come_back_as_they_went() -> None:
    values = [["Đắk Lắk", None, 'a"\\'], [1, 2.5, True]]
    packed = Columns.of(values, 3)
    assert packed.values() == values
    assert packed.rows() == [["Đắk Lắk", 1], [None, 2.5], ['a"\\', True]]
    assert packed.taken([2, 0]).values() == [['a"\\', "Đắk Lắk"], [True, 1]]
    assert Columns.of([], 2).rows() == [[], []]


def test_half_a_surrogate_pair_survives_the_frame() -> None:
    frame = encode({"text": "a\ud800b", "name": "Đắk"}, [b"blob"])
    head = head_size()
    assert decode(frame[head:], struct.unpack_from("<I", frame)[0]) == ({"text": "a\ud800b", "name": "Đắk"}, [b"blob"])
    assert "Đắk".encode() in json_bytes(["Đắk"])


@pytest.mark.parametrize(
    ("texts", "known"),
    [
        (["Đất", "đai", ""], True),
        (["plain", "text", "x"], True),
        (["Đất".encode("cp1258", "replace"), "x", "y"], False),
        (["Đất".encode()[:1] + b" ", "x", "y"], False),
        ([b"aaaa" + "đ".encode()[:1], "đ".encode()[1:] + b"b", "y"], False),  # two halves side by side
        (["a\0\xff", "x", "y"], False),  # what comes after the end of a text is nobody's word
    ],
)
def test_a_table_is_utf8_when_each_of_its_texts_is(tmp_path: Path, texts: list[str | bytes], known: bool) -> None:
    width = 5
    fields = b"".join(struct.pack("<11scIB15x", name, kind, 0, width) for name, kind in ((b"A", b"C"), (b"N", b"N")))
    head = struct.pack("<B3xIHH20x", 3, len(texts), 32 + len(fields) + 1, 1 + 2 * width)
    cells = [one if isinstance(one, bytes) else one.encode("latin-1" if "\xff" in one else "utf-8") for one in texts]
    rows = b"".join(b" " + cell.ljust(width) + b"    1" for cell in cells)
    (tmp_path / "a.dbf").write_bytes(head + fields + b"\r" + rows)
    assert is_utf8(tmp_path / "a.shp") is known
    (tmp_path / "a.dbf").write_bytes((head + fields + b"\r" + rows)[:-3])
    assert is_utf8(tmp_path / "a.shp") is False, "a table that is cut off is looked at text by text"


def test_a_sampler_is_settled_when_more_texts_change_nothing() -> None:
    raw = Sampler(raw=True)
    raw.add([f"đất {number}".encode().decode("latin-1") for number in range(SAMPLE)])
    assert raw.full and not raw.settled, "another text may still be no UTF-8"
    raw.add(["\xff"])
    assert raw.settled
    few = Sampler(raw=True)
    few.add(["\xff"])
    assert not few.settled, "there is room for more samples"


def test_texts_are_taken_as_a_whole_only_when_none_needs_more() -> None:
    assert plain_texts(["Đắk ", " a", ""], 10) == ["Đắk", "a", ""]
    for odd in ("a\tb", "e\u0301", "x" * 11, "\u200b"):
        assert plain_texts(["Đắk", odd], 10) is None
