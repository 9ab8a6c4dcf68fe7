"""Is this XML safe to give to an XML reader? No DOCTYPE of any kind, bounded depth, well-formed, the root meant.

Expat sees every encoding, so a declaration hidden in UTF-16 is seen too; nothing is expanded or fetched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from layers.geomchild.refusal import Refusal
from layers.intake.limits import XML_DEPTH

_XLINK = "http://www.w3.org/1999/xlink href"


@dataclass
class XmlFacts:
    """What a pass over the file saw: the root's local name, elements' namespaces, links outward, ``srsName``."""

    root: str = ""
    namespaces: set[str] = field(default_factory=set)
    links: int = 0
    systems: set[str] = field(default_factory=set)


def pass_over(path: Path, named: str, *, root: str = "") -> XmlFacts:
    """Read every tag once; raise Refusal XML_DTD, XML_DEPTH, XML_INVALID, or FORMAT_MISMATCH for another *root*."""
    facts = XmlFacts()
    depth = 0
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse_doctype(*_args: object) -> None:
        raise Refusal("XML_DTD", params={"line": parser.CurrentLineNumber})

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        space, _blank, local = name.rpartition(" ")
        if not facts.root:
            facts.root = local
            if root and local != root:
                raise Refusal("FORMAT_MISMATCH", params={"named": named})
        facts.namespaces.add(space)
        depth += 1
        if depth > XML_DEPTH:
            raise Refusal("XML_DEPTH", params={"line": parser.CurrentLineNumber})
        if "srsName" in attributes:
            facts.systems.add(attributes["srsName"])
        facts.links += local == "NetworkLink" or "://" in attributes.get(_XLINK, "")

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
    return facts
