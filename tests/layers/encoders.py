"""How would an office of 1998 have written this? Encoders into the old code pages, made apart from the decoders.

They hold no table of the product: TCVN3 and VISCII are the charts as printed, VNI is composed from vowel and mark.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

_PLAIN = "aăâeêioôơuưy"
_MARKS = {"\u0300": "grave", "\u0309": "hook", "\u0303": "tilde", "\u0301": "acute", "\u0323": "dot"}
_SMALL = "".join(unicodedata.normalize("NFC", vowel + mark) for vowel in _PLAIN for mark in ("", *_MARKS)) + "đ"
LETTERS = "".join(char for char in _SMALL + _SMALL.upper() if not char.isascii())

# The chart of TCVN 5712:1993 VN3 by rows of a vowel: plain, then grave, hook, tilde, acute, dot.
_TCVN3_CHART = """
a 61 B5 B6 B7 B8 B9
ă A8 BB BC BD BE C6
â A9 C7 C8 C9 CA CB
e 65 CC CE CF D0 D1
ê AA D2 D3 D4 D5 D6
i 69 D7 D8 DC DD DE
o 6F DF E1 E2 E3 E4
ô AB E5 E6 E7 E8 E9
ơ AC EA EB EC ED EE
u 75 EF F1 F2 F3 F4
ư AD F5 F6 F7 F8 F9
y 79 FA FB FC FD FE
"""
# RFC 1456, the same rows; capitals after the small letters.
_VISCII_CHART = """
a 61 E0 E4 E3 E1 D5
ă E5 A2 C6 C7 A1 A3
â E2 A5 A6 E7 A4 A7
e 65 E8 EB A8 E9 A9
ê EA AB AC AD AA AE
i 69 EC EF EE ED B8
o 6F F2 F6 F5 F3 F7
ô F4 B0 B1 B2 AF B5
ơ BD B6 B7 DE BE FE
u 75 F9 FC FB FA F8
ư DF D7 D8 E6 D1 F1
y 79 CF D6 DB FD DC
A 41 C0 C4 C3 C1 80
Ă C5 82 02 05 81 83
Â C2 85 86 06 84 87
E 45 C8 CB 88 C9 89
Ê CA 8B 8C 8D 8A 8E
I 49 CC 9B CE CD 98
O 4F D2 99 A0 D3 9A
Ô D4 90 91 92 8F 93
Ơ B4 96 97 B3 95 94
U 55 D9 9C 9D DA 9E
Ư BF BB BC FF BA B9
Y 59 9F 14 19 DD 1E
"""
_VNI_BASE = {"ă": ("a", "ê"), "â": ("a", "â"), "ê": ("e", "â"), "ô": ("o", "â"), "ơ": ("ô", ""), "ư": ("ö", "")}
_VNI_TONE = {"": "", "\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
_VNI_ON_BREVE = {"": "ê", "\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"}
_VNI_ON_HAT = {"": "â", "\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"}
_VNI_WHOLE = {"đ": "ñ", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "í": "í", "ì": "ì"}


def _charted(chart: str) -> dict[str, int]:
    table: dict[str, int] = {}
    for line in chart.split("\n"):
        if line:
            vowel, *codes = line.split()
            for mark, code in zip(("", *_MARKS), codes, strict=True):
                table[unicodedata.normalize("NFC", vowel + mark)] = int(code, 16)
    return table


_TCVN3 = {**_charted(_TCVN3_CHART), "đ": 0xAE, "Đ": 0xA7, **dict(zip("ĂÂÊÔƠƯ", range(0xA1, 0xA7), strict=True))}
_VISCII = {**_charted(_VISCII_CHART), "đ": 0xF0, "Đ": 0xD0}


def tcvn3(text: str) -> bytes:
    """Write TCVN3; a capital with a tone has no byte of its own and takes the small letter's."""
    return bytes(_single(char) if char.isascii() else _TCVN3.get(char, _TCVN3[char.lower()]) for char in text)


def viscii(text: str) -> bytes:
    """Write VISCII."""
    return bytes(_VISCII.get(char) or _single(char) for char in text)


def vni(text: str) -> bytes:
    """Write VNI for Windows: the mark follows its vowel."""
    return "".join(_vni_letter(char) for char in text).encode("cp1252")


def _vni_letter(char: str) -> str:
    small = char.lower()
    if small.isascii() or small in "–":
        return char
    if small in _VNI_WHOLE:
        made = _VNI_WHOLE[small]
    else:
        parts = unicodedata.normalize("NFD", small)
        tone = next((mark for mark in parts if mark in _MARKS), "")
        vowel = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _MARKS))
        base, hat = _VNI_BASE.get(vowel, (vowel, ""))
        marks = {"ê": _VNI_ON_BREVE, "â": _VNI_ON_HAT}.get(hat, _VNI_TONE)
        made = base + marks[tone]
    return made.upper() if char.isupper() else made


def cp1258(text: str) -> bytes:
    """Write Windows-1258: quality in the letter, tone as a mark after it."""
    out = []
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        tone = next((mark for mark in parts if mark in _MARKS), "")
        base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _MARKS))
        out.append(base + tone)
    return "".join(out).encode("cp1258")


def _single(char: str) -> int:
    return char.encode("cp1252")[0]


ENCODERS: dict[str, Callable[[str], bytes]] = {"tcvn3": tcvn3, "vni": vni, "viscii": viscii, "cp1258": cp1258}
# Capitals with a tone: TCVN3 leaves them to the font.
CANNOT_WRITE = {"tcvn3": "".join(char for char in LETTERS if char.isupper() and char not in "ĂÂÊÔƠƯĐ")}
