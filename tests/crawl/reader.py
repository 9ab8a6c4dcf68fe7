"""What does a person read on a page, and where can they go? Text pieces, attributes that are read aloud, and links."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPOKEN = {"aria-label", "title", "placeholder", "alt", "data-label"}
SILENT = {"script", "style", "template"}


class Page(HTMLParser):
    """Collect what is read and what is linked on one page of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self._silent = 0
        self._language = ""
        # The element in another language than the page, and how many of its name are open: a rule says things in both.
        self._foreign, self._depth = "", 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links and spoken attributes."""
        found = dict(attrs)
        if tag == "html":
            self._language = found.get("lang") or ""
        elif self._foreign:
            self._depth += tag == self._foreign
        elif found.get("lang") and found["lang"] != self._language:
            self._foreign, self._depth = tag, 1
        if tag in SILENT:
            self._silent += 1
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        self.texts += [value.strip() for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        """Leave a silent element."""
        if tag in SILENT:
            self._silent -= 1
        if tag == self._foreign:
            self._depth -= 1
            self._foreign = self._foreign if self._depth else ""

    def handle_data(self, data: str) -> None:
        """Note a piece of text."""
        text = " ".join(data.split())
        if text and not self._silent and not self._foreign:
            self.texts.append(text)


def catalogue() -> dict[str, str]:
    """Return English source → Vietnamese text of every plain message of our catalogues."""
    pairs: dict[str, str] = {}
    for path in sorted((ROOT / "locale").rglob("django*.po")):
        for entry in path.read_text().split("\n\n"):
            source = re.search(r'^msgid ((?:"[^\n]*"\n?)+)', entry, re.MULTILINE)
            text = re.search(r'^msgstr(?:\[0\])? ((?:"[^\n]*"\n?)+)', entry, re.MULTILINE)
            if source and text:
                pairs[_joined(source[1])] = _joined(text[1])
    pairs.pop("", None)
    return pairs


def _joined(quoted: str) -> str:
    parts = re.findall(r'"((?:[^"\\]|\\.)*)"', quoted)
    return "".join(parts).replace('\\"', '"').replace("\\n", "\n")


_ENGLISH = re.compile(
    r"\b(the|and|of|is|are|was|with|from|this|that|not|has|have|been|which|your|you|please|must|cannot|no|by)\b",
    re.IGNORECASE,
)
_VIETNAMESE = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)


def reads_english(text: str) -> bool:
    """Tell whether a text reads as an English sentence: two common English words and no Vietnamese letter."""
    return len({word.lower() for word in _ENGLISH.findall(text)}) >= 2 and not _VIETNAMESE.search(text)
