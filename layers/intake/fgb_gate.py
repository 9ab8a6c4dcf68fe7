"""Can this FlatGeobuf be whole? Its header must lie within the file; GDAL verifies the buffers themselves."""

from __future__ import annotations

from pathlib import Path

from layers.geomchild.refusal import Refusal

_MAGIC_BYTES = 8
_HEADER_BYTES = 10 * 1024 * 1024


def check(path: Path) -> tuple[str, ...]:
    """Refuse a header longer than the file; there is nothing to tell. Raises Refusal FGB_CORRUPT."""
    with path.open("rb") as stream:
        head = stream.read(_MAGIC_BYTES + 4)
    length = int.from_bytes(head[_MAGIC_BYTES:], "little")
    if len(head) < _MAGIC_BYTES + 4 or not 8 <= length <= min(_HEADER_BYTES, path.stat().st_size - len(head)):
        raise Refusal("FGB_CORRUPT", params={"path": "header"})
    return ()
