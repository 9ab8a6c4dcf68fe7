"""Is this MapInfo table only itself? A .tab can point at rasters, views and other tables; a .mif can write commas.

It judges the text of the .tab or .mif; the binary parts are GDAL's.
"""

from __future__ import annotations

import re
from pathlib import Path

from layers.geomchild.refusal import Refusal

_TAB_BYTES = 200_000
_KIND = re.compile(rb"^\s*type\s+\"?(\w+)", re.IGNORECASE | re.MULTILINE)
# What makes a .tab speak of other files: registered rasters, views, joins, seamless tables.
_ELSEWHERE = re.compile(
    rb"^\s*(?:file\s+\"|create\s+view|open\s+table|begin_metadata[\s\S]*isseamless\"\s*=\s*\"true)",
    re.IGNORECASE | re.MULTILINE,
)
_DATA = re.compile(rb"^[ \t]*data[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_DECIMAL_COMMA = re.compile(rb"^[ \t]*-?\d+,\d", re.MULTILINE)


def check(path: Path) -> tuple[str, ...]:
    """Refuse a table that names other files and coordinates with decimal commas; there is nothing to tell.

    Raises Refusal TAB_NOT_PLAIN, TAB_CORRUPT, COORD_INVALID.
    """
    if path.suffix == ".tab":
        _check_tab(path.read_bytes()[: _TAB_BYTES + 1])
    else:
        _check_mif(path.read_bytes())
    return ()


def _check_tab(text: bytes) -> None:
    if len(text) > _TAB_BYTES:
        raise Refusal("TAB_CORRUPT", params={"path": ".tab"})
    kind = _KIND.search(text)
    if _ELSEWHERE.search(text):
        raise Refusal("TAB_NOT_PLAIN", params={"path": ".tab"})
    if kind is None:
        raise Refusal("TAB_CORRUPT", params={"path": ".tab"})
    if kind[1].upper() not in {b"NATIVE", b"DBF"}:
        raise Refusal("TAB_NOT_PLAIN", params={"path": kind[1].decode("ascii", "replace")[:20]})


def _check_mif(text: bytes) -> None:
    start = _DATA.search(text)
    if start is None:
        raise Refusal("TAB_CORRUPT", params={"path": ".mif"})
    comma = _DECIMAL_COMMA.search(text, start.end())
    if comma is not None:
        raise Refusal("COORD_INVALID", params={"line": text.count(b"\n", 0, comma.start()) + 1})
