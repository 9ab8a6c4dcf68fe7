"""What does a person read about a drawing? One sentence and one thing to do per code; for the parent, not the child.

It decides nothing; `layers.intake.refusals` speaks these with all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_noop

from layers.numbers import number_format
from layers.said import gettext as _
from layers.said import join

_ONE_LAYER = gettext_noop("Copy the boundary into a drawing of its own, without blocks, and send that.")
DRAWINGS: dict[str, tuple[str, str]] = {
    "DXF_CORRUPT": (
        gettext_noop("The DXF is damaged or was not saved by a CAD program."),
        gettext_noop("Save the drawing as DXF (ASCII, R2010) again and send it once more."),
    ),
    "DXF_CORRUPT.cut": (
        gettext_noop("The DXF was cut off: its end mark is missing."),
        gettext_noop("Save the drawing as DXF (ASCII, R2010) again and send it once more."),
    ),
    "DXF_CORRUPT.number": (
        gettext_noop("A coordinate in the DXF is not written as a number with a decimal point."),
        gettext_noop("Save the drawing as DXF (ASCII, R2010) again and send it once more."),
    ),
    "CAD_RECOVERED": (
        gettext_noop("The DXF has faults; what could be read was read. Compare it with the drawing."),
        "",
    ),
    "DXF_TOO_COMPLEX": (gettext_noop("The blocks of the drawing unfold to more than %(limit)s lines."), _ONE_LAYER),
    "DXF_TOO_COMPLEX.levels": (gettext_noop("Blocks lie inside blocks more than %(limit)s levels deep."), _ONE_LAYER),
    "DXF_TOO_COMPLEX.cycle": (gettext_noop("The block “%(name)s” contains itself."), _ONE_LAYER),
    "DGN_CORRUPT": (
        gettext_noop("The DGN is damaged or is not a MicroStation drawing of version 7."),
        gettext_noop("Save it as DGN v7 (File, Save As, V7 DGN) again and send it once more."),
    ),
    "DGN_CURVE": (
        gettext_noop("A curve on level %(level)s cannot be read exactly from DGN v7."),
        gettext_noop("Turn the curve into a line string or into arcs (Drop Element) and save again, or send a DXF."),
    ),
    "LINE_NOT_CLOSED.cad": (
        gettext_noop("A line is not closed: its ends lie %(gap_text)s apart."),
        gettext_noop("Close it in the drawing, or let gaps up to that size be closed."),
    ),
    "LINE_NOT_CLOSED.wide": (
        gettext_noop("A line is not closed: its ends lie %(gap_text)s apart."),
        gettext_noop("Close it in the drawing, or choose only the layer with the boundary."),
    ),
    "UNITS_SUSPECT.cm": (
        gettext_noop("The coordinates look like centimetres."),
        gettext_noop("Confirm the reading in centimetres."),
    ),
    "UNITS_SUSPECT.mm": (
        gettext_noop("The coordinates look like millimetres."),
        gettext_noop("Confirm the reading in millimetres."),
    ),
    "UNITS_UNKNOWN": (
        gettext_noop("The drawing calls its working unit “%(unit)s”, and its coordinates do not look like metres."),
        gettext_noop("Say in which unit the coordinates are."),
    ),
    "OK_CURVE_LINEARISED": (
        gettext_noop("Arcs and curves were read as short straight sides, at most 1 cm beside the curve: %(count)s."),
        "",
    ),
    "RING_CLOSED.cad": (gettext_noop("Gaps of at most %(gap_text)s were closed: %(count)s."), ""),
    "LINES_TO_POLYGON": (gettext_noop("Areas were made of separate lines that meet at their ends: %(count)s."), ""),
    "LINES_LEFT_OUT": (gettext_noop("Lines that enclose nothing were left out: %(count)s."), ""),
    "RING_TWICE": (gettext_noop("Outlines drawn twice count once: %(count)s."), ""),
    "RINGS_TO_HOLES": (
        gettext_noop(
            "Outlines inside others were read as holes: %(count)s."
            " The area is %(after_ha)s instead of %(before_ha)s ha."
        ),
        "",
    ),
    "CAD_PAPER_SPACE": (gettext_noop("Things on the drawing's sheets (paper space) were left out: %(count)s."), ""),
    "CAD_LEFT_OUT": (gettext_noop("Left out, because they are no lines: %(found)s."), ""),
}


def drawn(code: str, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the form of a code that fits a drawing, and its numbers as a person reads them; leave others alone."""
    shown = dict(params)
    if "drawing_at" not in params and "cad" not in params and code not in DRAWINGS:
        return code, shown
    if "gap_m" in params:
        shown["gap_text"] = _length(float(params["gap_m"]))
    if isinstance(params.get("found"), Mapping):
        shown["found"] = join(", ", [join(" × ", [name, number_format(n)]) for name, n in params["found"].items()])
    if code == "LINE_NOT_CLOSED":
        code = "LINE_NOT_CLOSED.cad" if params.get("offers") else "LINE_NOT_CLOSED.wide"
    if code == "UNITS_SUSPECT" and params.get("unit") in {"cm", "mm"}:
        code = f"UNITS_SUSPECT.{params['unit']}"
    if code == "RING_CLOSED":
        code = "RING_CLOSED.cad"
    return code, shown


def drawing_place(params: Mapping[str, Any]) -> str:
    """Say where in the drawing: the first coordinate, then the second, as the drawing writes them."""
    at = params.get("drawing_at")
    if not at:
        return ""
    x, y = (number_format(float(value), 2, force_grouping=True) for value in at)
    return _("x %(x)s, y %(y)s in the drawing") % {"x": x, "y": y}


def offered(offers: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give each answer that a question of a drawing offers its text."""
    return [{**offer, "text": _offer(str(offer["option"]), offer["value"])} for offer in offers]


def _offer(option: str, value: Any) -> str:
    if option == "close_m":
        return _("Close gaps up to %(gap)s") % {"gap": _length(float(value))}
    units = {
        "m": _("Read the coordinates as metres"),
        "dm": _("Read the coordinates as decimetres"),
        "cm": _("Read the coordinates as centimetres"),
        "mm": _("Read the coordinates as millimetres"),
        "km": _("Read the coordinates as kilometres"),
        "in": _("Read the coordinates as inches"),
        "ft": _("Read the coordinates as feet"),
        "dgn": _("Read the coordinates in the unit the drawing names"),
    }
    return units.get(str(value), str(value))


def _length(metres: float) -> str:
    if metres < 0.01:
        return _("%(length)s mm") % {"length": number_format(metres * 1000, 1)}
    if metres < 1:
        return _("%(length)s cm") % {"length": number_format(metres * 100, 1)}
    return _("%(length)s m") % {"length": number_format(metres, 2, force_grouping=True)}
