"""In which code page are these texts written? Every reading with its samples, the likeliest first choice, and how sure.

It guesses only when the bytes are not plainly UTF-8, and says so; a person who chose a reading is believed.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from layers.intake.limits import PREVIEW_TEXTS
from layers.intake.vietnamese import DECLARED, NAMES, bytes_of, decode

SAMPLE = 400
PLAUSIBLE = 0.6
_SURE, _MARGIN, _WORDS = 0.75, 0.15, 3
_OF_BYTES = ("cp1258", "tcvn3", "vni", "viscii", "cp1252")
_OF_UNICODE = ("tcvn3", "vni", "viscii", "cp1258", "utf-8-twice")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|kr|dr|mr|[bcdđghklmnpqrstvxjwz])?"
    r"(?:oai|oay|oeo|uây|uôi|ươi|ươu|iêu|yêu|uyê|uya|uyu|oa|oă|oe|oo|uâ|uê|uô|uơ|ua|ui|uy|ưa|ưi|ươ|ưu|ia|iê|iu|yê"
    r"|ai|ao|au|ay|âu|ây|eo|êu|oi|ôi|ơi|[aăâeêioôơuưy])"
    r"(?:ch|ng|nh|[cmnptrlk])?"
)


@dataclass(frozen=True)
class TextReading:
    """One way to read a file's texts: its key, its name, and the same few rows as every other reading shows."""

    key: str
    name: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class TextReadings:
    """How a file's texts can be read; without any text beyond ASCII there is nothing to choose."""

    chosen: str
    certain: bool
    readings: tuple[TextReading, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready data, for the way from the reader child."""
        return {
            "chosen": self.chosen,
            "certain": self.certain,
            "readings": [[item.key, item.name, list(item.samples)] for item in self.readings],
        }

    @classmethod
    def of_dict(cls, data: Mapping[str, Any]) -> TextReadings:
        """Build from what `as_dict` gave."""
        found = tuple(TextReading(str(key), str(name), tuple(samples)) for key, name, samples in data["readings"])
        return cls(str(data["chosen"]), bool(data["certain"]), found)


class Sampler:
    """Gather the first texts beyond ASCII, and whether all of them are UTF-8 (texts as Latin-1 when *raw*)."""

    def __init__(self, *, raw: bool) -> None:
        self.raw = raw
        self.utf8 = True
        self.seen: dict[str, None] = {}
        self._settled = False

    @property
    def full(self) -> bool:
        """Tell whether more texts would not be remembered."""
        return len(self.seen) >= SAMPLE

    @property
    def settled(self) -> bool:
        """Tell whether more texts would change nothing."""
        return self._settled or (self.full and self.raw and not self.utf8)

    @settled.setter
    def settled(self, known: bool) -> None:
        self._settled = known

    def add(self, texts: Sequence[Any]) -> None:
        """Look at more texts; anything but text beyond ASCII is passed over."""
        for text in texts:
            if not isinstance(text, str) or text.isascii():
                continue
            if self.raw and self.utf8:
                self.utf8 = _is_utf8(text.encode("latin-1", "replace"))
            if len(self.seen) < SAMPLE:
                self.seen[text] = None

    def judge(self, declared: str = "", forced: str = "") -> TextReadings:
        """Return the readings; *declared* is the file's own word, *forced* a person's choice (a key of NAMES)."""
        texts = list(self.seen)
        if not texts:
            return TextReadings(forced or "utf-8", certain=True)
        scored = {key: plausibility(" ".join(found)) for key, found in self._readings(texts).items()}
        chosen, certain = self._choose(scored, DECLARED.get(declared.strip().lower(), ""), texts)
        if forced:
            chosen, certain = forced, True
        shown = _most_telling(texts)
        order = sorted(scored, key=lambda key: (key != chosen, -scored[key]))
        return TextReadings(
            chosen,
            certain,
            tuple(
                TextReading(
                    key, NAMES[key], tuple(unicodedata.normalize("NFC", self.reader(key)(text)) for text in shown)
                )
                for key in order
            ),
        )

    def reader(self, key: str) -> Callable[[str], str]:
        """Return the function that reads one text of this file in the code page *key*."""
        return reader_of(key, raw=self.raw)

    def _readings(self, texts: list[str]) -> dict[str, list[str]]:
        if self.raw:
            keys = (*(("utf-8",) if self.utf8 else ()), *_OF_BYTES)
        else:  # Unicode that may be an old code page in disguise: only when (nearly) all of it could be single bytes
            could_be = sum(bytes_of(text) is not None for text in texts) >= 0.9 * len(texts)
            keys = ("utf-8", *(_OF_UNICODE if could_be else ()))
        found = {key: [self.reader(key)(text) for text in texts] for key in keys}
        if not self.raw and "utf-8-twice" in found and any("\ufffd" in text for text in found["utf-8-twice"][:20]):
            del found["utf-8-twice"]
        return found

    def _choose(self, scored: dict[str, float], declared: str, texts: list[str]) -> tuple[str, bool]:
        best = max(scored, key=lambda key: scored[key])
        if "utf-8" in scored:
            # Bytes that are UTF-8 throughout are hardly anything else; Unicode is taken for what it is, unless another
            # reading makes Vietnamese of what is none.
            if scored["utf-8"] >= PLAUSIBLE or scored[best] < PLAUSIBLE or scored[best] - scored["utf-8"] < _MARGIN:
                return "utf-8", scored["utf-8"] >= PLAUSIBLE or scored[best] < PLAUSIBLE
            return best, False
        if declared in scored and scored[declared] >= PLAUSIBLE and scored[best] - scored[declared] < _MARGIN:
            return declared, True
        read = {key: [self.reader(key)(text) for text in texts] for key in scored}
        rivals = [scored[key] for key in scored if read[key] != read[best]]
        enough = sum(not word.isascii() for text in texts for word in text.split()) >= _WORDS
        return best, enough and scored[best] >= _SURE and scored[best] - max(rivals, default=0.0) >= _MARGIN


def read_texts(raw: Sequence[bytes], declared: str = "") -> tuple[list[str], str]:
    """Read texts that share one code page as NFC; return them and the code page when it had to be guessed."""
    texts = [text.decode("latin-1") for text in raw]
    sampler = Sampler(raw=True)
    sampler.add(texts)
    found = sampler.judge(declared)
    named = found.chosen in {"utf-8", DECLARED.get(declared.strip().lower(), "")}
    read = sampler.reader(found.chosen)
    return [read(text) for text in texts], "" if named else found.chosen


def reader_of(key: str, *, raw: bool) -> Callable[[str], str]:
    """Return the function that reads one text in *key*; *raw* texts are bytes as Latin-1, others Unicode."""
    if key == "utf-8" and not raw:
        return _same
    cache: dict[str, str] = {}

    def read(text: str) -> str:
        if text.isascii() and (key != "viscii" or text.isprintable()):
            return text
        found = cache.get(text)
        if found is None:
            if len(cache) > 10_000:
                cache.clear()
            found = cache[text] = _read(text)
        return found

    def _read(text: str) -> str:
        if raw:
            return decode(key, text.encode("latin-1", "replace"))
        data = bytes_of(text)
        return unicodedata.normalize("NFC", text) if data is None else decode(key, data)

    return read


def _same(text: str) -> str:
    return text


def plausibility(text: str) -> float:
    """Return the share (0–1) of words with accents that are Vietnamese syllables; 1 when there are none to judge."""
    text = unicodedata.normalize("NFC", text)
    words = [word for word in re.split(r"[\s\d\W_]+", text) if word]
    accented = [word for word in words if not word.isascii()]
    # A symbol inside a word splits it, so a wrong code page leaves symbols behind; a dash or quote is nobody's mistake.
    symbols = sum(
        1
        for char in text
        if ord(char) > 127 and not char.isalpha() and not unicodedata.combining(char) and char not in "–—‘’“”…°×²"
    )
    if not accented:
        return 1.0 if not symbols else 0.0
    return sum(_weight(word) for word in accented) / (len(accented) + symbols)


def _weight(word: str) -> float:
    """Weigh one word: 1 for a syllable, less when its tone does not go with its end or its capitals are strange."""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = [char for char in parts if char in _TONES]
    if len(tones) > 1 or any(
        after.isupper() and not after.isascii() and before.islower() for before, after in itertools.pairwise(word)
    ):
        return 0.0
    bare = unicodedata.normalize("NFC", "".join(char for char in parts if char not in _TONES))
    if _SYLLABLE.fullmatch(bare) is None:
        return 0.0
    if bare.endswith(("c", "ch", "p", "t")) and tones and tones[0] not in "\u0301\u0323":
        return 0.3
    return 1.0


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _most_telling(texts: list[str]) -> list[str]:
    """Return the few texts with the most letters beyond ASCII, in file order: they show a wrong reading best."""
    ranked = sorted(texts, key=lambda text: -sum(not char.isascii() for char in text[:80]))[:PREVIEW_TEXTS]
    return [text for text in texts if text in ranked][:PREVIEW_TEXTS]
