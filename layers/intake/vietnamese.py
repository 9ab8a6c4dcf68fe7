"""How are the old Vietnamese code pages read? Tables for TCVN3 (ABC), VNI, VISCII and Windows-1258, one letter each.

It does not decide which one a text is written in; `texts` does. Windows-1258 is composed here, because GDAL drops a
text's last character when that carries a tone. TCVN3 has one set of bytes for both cases of a letter with a tone: the
capital is a matter of the font (.VnTimeH), so its case cannot be read back.
"""

from __future__ import annotations

import unicodedata

_TCVN3_BYTES = (
    "A1 A2 A3 A4 A5 A6 A7 A8 A9 AA AB AC AD AE B5 B6 B7 B8 B9 BB BC BD BE C6 C7 C8 C9 CA CB CC CE CF D0 D1 D2 D3 D4"
    " D5 D6 D7 D8 DC DD DE DF E1 E2 E3 E4 E5 E6 E7 E8 E9 EA EB EC ED EE EF F1 F2 F3 F4 F5 F6 F7 F8 F9 FA FB FC FD FE"
)
_TCVN3_LETTERS = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
# The capitals that TCVN 5712 (VN2) adds where VN3 has nothing; those it puts among control characters are left alone.
_TCVN3_CAPITALS = dict(
    zip(bytes.fromhex("AF BA BF C0 C1 C2 C3 C4 C5 CD D9 DA DB E0 F0 FF"), "ẰẲẴẮẦẨẪẤỀỂỄẾỒỔỖỐ", strict=True)
)
_TCVN3 = {**_TCVN3_CAPITALS, **dict(zip(bytes.fromhex(_TCVN3_BYTES), _TCVN3_LETTERS, strict=True))}

# RFC 1456: six capitals sit among the control characters, the rest from 0x80 on in order.
_VISCII = {
    **dict(zip((0x02, 0x05, 0x06, 0x14, 0x19, 0x1E), "ẲẴẪỶỸỴ", strict=True)),
    **dict(
        enumerate(
            "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ",
            start=0x80,
        )
    ),
}

# VNI: the vowel, then a letter that carries quality and tone.
_VNI_MARKS = {
    "a": dict(zip("ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ", strict=True)),
    "e": dict(zip("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ", strict=True)),
    "o": dict(zip("ùøûõïâáàåãä", "óòỏõọôốồổỗộ", strict=True)),
    "ô": dict(zip("ùøûõï", "ớờởỡợ", strict=True)),
    "u": dict(zip("ùøûõï", "úùủũụ", strict=True)),
    "ö": dict(zip("ùøûõï", "ứừửữự", strict=True)),
    "y": dict(zip("ùøûõ", "ýỳỷỹ", strict=True)),
}
_VNI_ALONE = {"ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ", "í": "í", "ì": "ì"}

NAMES = {
    "utf-8": "UTF-8",
    "cp1258": "Windows-1258",
    "tcvn3": "TCVN3 (ABC, .VnTime)",
    "vni": "VNI",
    "viscii": "VISCII",
    "cp1252": "Windows-1252",
    "utf-8-twice": "UTF-8 × 2",
}
# What .cpg files, DBF headers and MapInfo charsets call them.
DECLARED = {
    "utf-8": "utf-8", "utf8": "utf-8", "65001": "utf-8", "1258": "cp1258", "cp1258": "cp1258", "windows-1258": "cp1258",
    "ansi 1258": "cp1258", "windowsvietnamese": "cp1258", "1252": "cp1252", "ansi 1252": "cp1252",
    "windows-1252": "cp1252", "iso-8859-1": "cp1252", "88591": "cp1252", "8859_1": "cp1252", "windowslatin1": "cp1252",
    "tcvn3": "tcvn3", "tcvn-5712": "tcvn3", "vni": "vni", "viscii": "viscii",
}  # fmt: skip


def decode(key: str, data: bytes) -> str:
    """Read bytes in the code page *key* (a key of NAMES) as NFC text; what has no letter becomes U+FFFD."""
    if key == "tcvn3":
        text = data.decode("latin-1").translate(_TCVN3)
    elif key == "viscii":
        text = data.decode("latin-1").translate(_VISCII)
    elif key == "vni":
        text = decode_vni(data)
    elif key == "utf-8-twice":
        text = data.decode("utf-8", "replace")
    else:
        text = data.decode(key, "replace")
    return unicodedata.normalize("NFC", text)


def decode_vni(data: bytes) -> str:
    """Read VNI for Windows bytes."""
    text = data.decode("cp1252", "replace")
    out: list[str] = []
    index = 0
    while index < len(text):
        letter = text[index]
        marks = _VNI_MARKS.get(letter.lower())
        following = text[index + 1].lower() if index + 1 < len(text) else ""
        if marks is not None and following in marks:
            made = marks[following]
            out.append(made.upper() if letter.isupper() else made)
            index += 2
            continue
        made = _VNI_ALONE.get(letter.lower(), letter.lower())
        out.append(made.upper() if letter.isupper() else made)
        index += 1
    return "".join(out)


def bytes_of(text: str) -> bytes | None:
    """Return the single bytes that a wrong reading as Latin-1 or Windows-1252 made into *text*, or None."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        pass
    out = bytearray()
    for char in text:
        if ord(char) < 256:
            out.append(ord(char))
            continue
        try:
            out += char.encode("cp1252")
        except UnicodeEncodeError:
            return None
    return bytes(out)
