"""What do the texts of a drawing say? By their font, else by plausibility; one code page for all that name no font.

A drawing names fonts per text: ``.VnTime`` is TCVN3 and ``VNI-Times`` is VNI whatever the file says of its code page,
also where the file is Unicode and holds each old byte as a letter of its own. It looks at no geometry.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from layers.intake.texts import PLAUSIBLE, Sampler, TextReadings, plausibility
from layers.intake.vietnamese import DECLARED, bytes_of
from layers.intake.vietnamese import decode as decode_page

_ESCAPE = re.compile(r"\\[Uu]\+([0-9A-Fa-f]{4})")
_PAGES = ("cp1252", "cp1258")
_INLINE_FONT = re.compile(r"\\[fF]([^|;\\]{1,60})")


@dataclass(frozen=True)
class Written:
    """One text as the file holds it, and the name of its font ("" when it names none)."""

    text: str
    font: str = ""


@dataclass(frozen=True)
class Texts:
    """The texts as NFC, the ways to read those whose font told nothing, and whether the reading was guessed."""

    texts: tuple[str, ...]
    readings: TextReadings
    guessed: bool


def decode(written: Sequence[Written], codec: str, declared: str, forced: str = "") -> Texts:
    """Read texts: real Unicode and texts of a telling font as they are, all others in one code page.

    *codec* is the one the file was opened with (old bytes survive in it, see ``surrogateescape``), *declared* the code
    page the file names, *forced* a person's choice.
    """
    written = [Written(_unescaped(item.text, codec, declared), item.font) for item in written]
    known = [_by_font(item, codec) for item in written]
    left = [item.text for item, text in zip(written, known, strict=True) if text is None]
    raw = codec != "utf-8" or any(map(_has_bytes, left))  # a file that says UTF-8 and is not is bytes too
    if raw:
        left = [_bytes(text, codec).decode("latin-1") for text in left]
    sampler = Sampler(raw=raw)
    sampler.add(left)
    readings = sampler.judge(declared, forced)
    read = sampler.reader(readings.chosen)
    rest = iter([read(text) for text in left])
    own = {"utf-8", DECLARED.get(declared.strip().lower(), "")}
    return Texts(
        tuple(next(rest) if text is None else text for text in known),
        readings,
        guessed=bool(readings.readings) and not forced and readings.chosen not in own,
    )


def _unescaped(text: str, codec: str, declared: str) -> str:
    r"""Read letters written as ``\U+1EAF``; the rest of such a text is in the code page the file names, not older."""
    if not _ESCAPE.search(text):
        return text
    parts = _ESCAPE.split(text)  # every second one is a code
    for index in range(0, len(parts), 2):
        old = _old_bytes(parts[index], codec)
        if codec != "utf-8" and old is not None:
            parts[index] = old.decode(declared if declared in _PAGES else "cp1252", "replace")
    return "".join(chr(int(part, 16)) if index % 2 else part for index, part in enumerate(parts))


def font_inside(text: str) -> str:
    """Return the first font an MTEXT changes to (``\\fVNI-Times|b0;``), "" when it keeps its style's."""
    found = _INLINE_FONT.search(text)
    return found.group(1) if found else ""


def _by_font(item: Written, codec: str) -> str | None:
    """Return the text when it is plain, real Unicode, or its font tells the code page and Vietnamese comes of it."""
    if item.text.isascii():
        return item.text
    old = _old_bytes(item.text, codec)
    if old is None:
        return None if _has_bytes(item.text) else unicodedata.normalize("NFC", item.text)
    font = item.font.strip().lower().removesuffix(".ttf").removesuffix(".shx")
    text = None
    if font.startswith((".vn", "vntime", "vnarial", ".tmc")):
        text = decode_page("tcvn3", old)
        text = text.upper() if font.endswith("h") else text
    elif font.startswith("vni"):
        text = decode_page("vni", old)
    return text if text is not None and plausibility(text) >= PLAUSIBLE else None


def _old_bytes(text: str, codec: str) -> bytes | None:
    """Return the single bytes a text stands for; None when it holds letters no old code page of one byte has."""
    if codec == "utf-8":
        return bytes_of(text)
    try:
        return text.encode(codec, "surrogateescape")
    except UnicodeEncodeError:
        return None


def _bytes(text: str, codec: str) -> bytes:
    if codec == "utf-8":
        return text.encode("utf-8", "surrogateescape")
    found = _old_bytes(text, codec)
    return text.encode("utf-8", "replace") if found is None else found


def _has_bytes(text: str) -> bool:
    return any(0xDC80 <= ord(char) <= 0xDCFF for char in text)
