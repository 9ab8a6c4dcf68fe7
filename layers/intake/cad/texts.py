"""What do the texts of a drawing say? By their font, else by plausibility; one code page for all that name no font.

A drawing names fonts per text: ``.VnTime`` is TCVN3 and ``VNI-Times`` is VNI whatever the file says of its code page,
also where the file is Unicode and holds each old byte as a letter of its own. It looks at no geometry.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from layers.intake.texts import plausibility, read_texts
from layers.intake.vietnamese import decode as decode_page

_PLAUSIBLE = 0.6
_ESCAPE = re.compile(r"\\[Uu]\+([0-9A-Fa-f]{4})")
_PAGES = ("cp1252", "cp1258")
_INLINE_FONT = re.compile(r"\\[fF]([^|;\\]{1,60})")


@dataclass(frozen=True)
class Written:
    """One text as the file holds it, and the name of its font ("" when it names none)."""

    text: str
    font: str = ""


def decode(written: Sequence[Written], codec: str, declared: str) -> tuple[list[str], str]:
    """Return the texts as NFC, and the code page when it had to be guessed.

    *codec* is the one the file was opened with (old bytes survive in it, see ``surrogateescape``), *declared* the code
    page the file names.
    """
    written = [Written(_unescaped(item.text, codec, declared), item.font) for item in written]
    texts: list[str | None] = []
    raw: list[bytes] = []
    for item in written:
        known = _by_font(item, codec)
        texts.append(known)
        if known is None:
            raw.append(_bytes(item.text, codec))
    guessed = ""
    rest: list[str] = []
    if raw:
        plain = [item.text for item, known in zip(written, texts, strict=True) if known is None]
        unicode = unicodedata.normalize("NFC", " ".join(plain))
        if codec == "utf-8" and not _has_bytes(unicode) and plausibility(unicode) >= _PLAUSIBLE:
            rest = [unicodedata.normalize("NFC", text) for text in plain]
        else:
            rest, guessed = read_texts(raw, declared)
    left = iter(rest)
    return [next(left) if text is None else text for text in texts], guessed


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
    """Return the text when it is plain, real Unicode, or its font tells the code page."""
    if item.text.isascii():
        return item.text
    old = _old_bytes(item.text, codec)
    if old is None:
        return unicodedata.normalize("NFC", item.text)
    font = item.font.strip().lower().removesuffix(".ttf").removesuffix(".shx")
    if font.startswith((".vn", "vntime", "vnarial", ".tmc")):
        text = decode_page("tcvn3", old)
        return text.upper() if font.endswith("h") else text
    if font.startswith("vni"):
        return decode_page("vni", old)
    return None


def _old_bytes(text: str, codec: str) -> bytes | None:
    """Return the single bytes a text stands for; None when it holds letters no old code page of one byte has."""
    if codec != "utf-8":
        try:
            return text.encode(codec, "surrogateescape")
        except UnicodeEncodeError:
            return None
    for single in ("cp1252", "latin-1"):
        try:
            return text.encode(single, "surrogateescape")
        except UnicodeEncodeError:
            continue
    return None


def _bytes(text: str, codec: str) -> bytes:
    found = _old_bytes(text, codec)
    return text.encode("utf-8", "replace") if found is None else found


def _has_bytes(text: str) -> bool:
    return any(0xDC80 <= ord(char) <= 0xDCFF for char in text)
