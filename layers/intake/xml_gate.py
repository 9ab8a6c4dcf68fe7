"""Is this KML safe to give to an XML reader? No DOCTYPE of any kind, bounded depth, well-formed, and really KML.

Expat sees every encoding, so a declaration hidden in UTF-16 is seen too; nothing is expanded or fetched.
"""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

from layers.geomchild.refusal import Refusal
from layers.intake.limits import XML_DEPTH


def check(path: Path) -> bool:
    """Pass over the file; return whether it links to other servers (NetworkLink), which is not followed.

    Raises Refusal XML_DTD, XML_DEPTH, XML_INVALID (with the line) or FORMAT_MISMATCH when the root is not KML.
    """
    depth = links = 0
    root = ""
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse_doctype(*_args: object) -> None:
        raise Refusal("XML_DTD", params={"line": parser.CurrentLineNumber})

    def start(name: str, _attributes: object) -> None:
        nonlocal depth, links, root
        local = name.rpartition(" ")[2]
        if not root:
            root = local
            if local != "kml":
                raise Refusal("FORMAT_MISMATCH", params={"named": ".kml"})
        depth += 1
        if depth > XML_DEPTH:
            raise Refusal("XML_DEPTH", params={"line": parser.CurrentLineNumber})
        links += local == "NetworkLink"

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.EntityDeclHandler = refuse_doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        with path.open("rb") as stream:
            parser.ParseFile(stream)
    except expat.ExpatError as error:
        raise Refusal("XML_INVALID", params={"line": error.lineno}) from error
    return links > 0
