"""Is this file a GML, and safe to read? The XML gate, and elements in GML's namespace; no schema is looked for."""

from __future__ import annotations

from pathlib import Path

from layers.geomchild.refusal import Refusal
from layers.intake.xml_gate import pass_over

_GML = ("http://www.opengis.net/gml", "https://www.opengis.net/gml")


def check(path: Path) -> tuple[str, ...]:
    """Pass over the file; return the notice that it points to other servers (xlink), which is not followed.

    Raises Refusal FORMAT_MISMATCH when no element is GML, else what `xml_gate.pass_over` raises.
    """
    facts = pass_over(path, ".gml")
    if not any(space.startswith(_GML) for space in facts.namespaces):
        raise Refusal("FORMAT_MISMATCH", params={"named": ".gml"})
    return ("OK_NETWORKLINK_IGNORED",) if facts.links else ()
