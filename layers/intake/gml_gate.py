"""Is this file a GML, and safe to read? The XML gate, and elements in GML's namespace; no schema is looked for."""

from __future__ import annotations

from pathlib import Path

from layers.geomchild.refusal import Refusal
from layers.intake.xml_gate import pass_over

_STANDARD = ("http://www.opengis.net/def/crs/", "http://www.opengis.net/gml/srs/epsg.xml#")
_GML = ("http://www.opengis.net/gml", "https://www.opengis.net/gml")


def check(path: Path) -> tuple[str, ...]:
    """Pass over the file; return the notice that it points to other servers (xlink), which is not followed.

    Raises Refusal FORMAT_MISMATCH when no element is GML, CRS_UNKNOWN when a coordinate system is named by a link of
    somebody's own (the standard's links are names, never fetched), else what `xml_gate.pass_over` raises.
    """
    facts = pass_over(path, ".gml")
    if not any(space.startswith(_GML) for space in facts.namespaces):
        raise Refusal("FORMAT_MISMATCH", params={"named": ".gml"})
    for name in sorted(facts.systems):
        if "://" in name and not name.startswith(_STANDARD):
            raise Refusal("CRS_UNKNOWN", params={"name": name[:80]})
    return ("OK_NETWORKLINK_IGNORED",) if facts.links else ()
