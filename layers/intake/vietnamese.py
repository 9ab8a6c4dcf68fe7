"""In which old Vietnamese code page is this text? UTF-8, declared, then cp1258, TCVN3 (ABC) and VNI by plausibility.

It guesses only when the bytes are not UTF-8, and says so; the person sees five texts and can object.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_TCVN3_BYTES = (
    "A1 A2 A3 A4 A5 A6 A7 A8 A9 AA AB AC AD AE B5 B6 B7 B8 B9 BB BC BD BE C6 C7 C8 C9 CA CB CC CE CF D0 D1 D2 D3 D4"
    " D5 D6 D7 D8 DC DD DE DF E1 E2 E3 E4 E5 E6 E7 E8 E9 EA EB EC ED EE EF F1 F2 F3 F4 F5 F6 F7 F8 F9 FA FB FC FD FE"
)
_TCVN3_LETTERS = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_TCVN3 = dict(zip(bytes.fromhex(_TCVN3_BYTES), _TCVN3_LETTERS, strict=True))

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

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|kr|dr|mr|[bcdđghklmnpqrstvxjwz])?"
    r"(?:oai|oay|oeo|uây|uôi|ươi|ươu|iêu|yêu|uyê|uya|uyu|oa|oă|oe|oo|uâ|uê|uô|uơ|ua|ui|uy|ưa|ưi|ươ|ưu|ia|iê|iu|yê"
    r"|ai|ao|au|ay|âu|ây|eo|êu|oi|ôi|ơi|[aăâeêioôơuưy])"
    r"(?:ch|ng|nh|[cmnptrlk])?"
)
_CODECS = {
    "utf-8": "utf-8", "utf8": "utf-8", "65001": "utf-8", "1258": "cp1258", "cp1258": "cp1258", "windows-1258": "cp1258",
    "ansi 1258": "cp1258", "1252": "cp1252", "ansi 1252": "cp1252", "iso-8859-1": "latin-1", "88591": "latin-1",
    "8859_1": "latin-1",
}  # fmt: skip
NAMES = {"utf-8": "UTF-8", "cp1258": "Windows-1258", "tcvn3": "TCVN3 (ABC)", "vni": "VNI", "cp1252": "Windows-1252"}


def decode_tcvn3(data: bytes) -> str:
    """Read TCVN 5712 VN3 bytes; capitals with tones share bytes with small letters, so their case is lost."""
    return "".join(_TCVN3.get(byte, chr(byte)) for byte in data)


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


def plausibility(text: str) -> float:
    """Return the share (0–1) of words with accents that are Vietnamese syllables; 1 when there are none to judge."""
    words = [word for word in re.split(r"[\s\d\W_]+", text.lower()) if word]
    accented = [word for word in words if not word.isascii()]
    # A symbol inside a word splits it, so a wrong code page leaves symbols behind.
    symbols = sum(1 for char in text if ord(char) > 127 and not char.isalpha() and not unicodedata.combining(char))
    if not accented:
        return 1.0 if not symbols else 0.0
    return sum(1 for word in accented if _is_syllable(word)) / (len(accented) + symbols)


def _is_syllable(word: str) -> bool:
    parts = unicodedata.normalize("NFD", word)
    if sum(parts.count(tone) for tone in _TONES) > 1:
        return False
    bare = unicodedata.normalize("NFC", "".join(char for char in parts if char not in _TONES))
    return _SYLLABLE.fullmatch(bare) is not None


def read_texts(raw: Sequence[bytes], declared: str = "") -> tuple[list[str], str]:
    """Decode texts that share one code page; return them as NFC and the code page when it had to be guessed.

    Order: UTF-8 when every text is; the declared code page when it gives plausible Vietnamese; else the most plausible
    of cp1258, TCVN3, VNI and cp1252.
    """
    try:
        return [unicodedata.normalize("NFC", text.decode("utf-8")) for text in raw], ""
    except UnicodeDecodeError:
        pass
    sample = [text for text in raw if not text.isascii()][:400]
    codec = _CODECS.get(declared.strip().lower(), "")
    if codec and codec != "utf-8":
        texts = [text.decode(codec, "replace") for text in sample]
        if plausibility(unicodedata.normalize("NFC", " ".join(texts))) >= 0.6:
            return [unicodedata.normalize("NFC", text.decode(codec, "replace")) for text in raw], ""
    best = max(("cp1258", "tcvn3", "vni", "cp1252"), key=lambda name: _score(name, sample))
    return [unicodedata.normalize("NFC", _decode(best, text)) for text in raw], best


def _score(name: str, sample: Sequence[bytes]) -> float:
    return plausibility(unicodedata.normalize("NFC", " ".join(_decode(name, text) for text in sample)))


def _decode(name: str, data: bytes) -> str:
    if name == "tcvn3":
        return decode_tcvn3(data)
    if name == "vni":
        return decode_vni(data)
    return data.decode(name, "replace")
