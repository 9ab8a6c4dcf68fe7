"""Can every coordinate of this KML be read as what it says? KML readers make numbers of anything, so each is looked at.

``108,385,12,71`` is a decimal comma and ``108.385, 12.71`` a pair torn apart by a blank: GDAL reads both, elsewhere.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.parsers import expat

from layers.geomchild.refusal import Refusal
from layers.intake import xml_gate

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_TUPLE = re.compile(rf"{_NUMBER},{_NUMBER}(?:,({_NUMBER})?)?")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf(?:inity)?)", re.IGNORECASE)
_SHOWN = 40


def check(path: Path) -> tuple[str, ...]:
    """Pass over a KML; return the notices that it links to other servers (not followed) and carries heights (dropped).

    Raises what `xml_gate.pass_over` raises, and Refusal COORD_INVALID or COORD_NOT_FINITE with the line and what is
    written there.
    """
    links = xml_gate.pass_over(path, ".kml", root="kml").links
    heights = coordinates(path)
    return (*(("OK_NETWORKLINK_IGNORED",) if links else ()), *(("OK_Z_DROPPED",) if heights else ()))


def coordinates(path: Path) -> bool:
    """Look at every ``coordinates`` element of a well-formed KML; return whether one carries a height other than 0."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    inside = False
    rest = ""
    heights = False

    def look(text: str) -> None:
        nonlocal heights
        for token in text.split():
            match = _TUPLE.fullmatch(token)
            if match is None:
                code = "COORD_INVALID"
                if any(_NOT_FINITE.fullmatch(part) for part in token.split(",")):
                    code = "COORD_NOT_FINITE"
                raise Refusal(code, params={"line": parser.CurrentLineNumber, "path": token[:_SHOWN]})
            heights = heights or (match[1] is not None and float(match[1]) != 0.0)

    def start(name: str, _attributes: object) -> None:
        nonlocal inside, rest
        inside, rest = name.rpartition(" ")[2] == "coordinates", ""

    def text(data: str) -> None:
        nonlocal rest
        if not inside:
            return
        data = rest + data
        # The last word may go on in the next piece.
        cut = max(data.rfind(blank) for blank in " \n\t\r") + 1
        look(data[:cut])
        rest = data[cut:]

    def end(_name: str) -> None:
        nonlocal inside
        if inside:
            look(rest)
        inside = False

    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.EndElementHandler = end
    with path.open("rb") as stream:
        parser.ParseFile(stream)
    return heights
