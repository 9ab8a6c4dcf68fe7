"""How does a laid-out text become a PDF? By WeasyPrint, with our drawings and fonts only; nothing is fetched.

It lays nothing out: a caller brings HTML, drawings by name and the name of a style sheet.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from layers.errors import NotComputable

FONTS = Path(__file__).resolve().parents[1] / "static" / "vendor" / "be-vietnam-pro" / "files"
STYLES = Path(__file__).parent / "styles"


def style_sheet(name: str) -> str:
    """Return the style sheet *name* with the fonts before it."""
    return "".join((STYLES / f"{each}.css").read_text(encoding="utf-8") for each in ("fonts", name))


def write_pdf(text: str, drawings: Mapping[str, str | bytes], style: str, identifier: bytes) -> bytes:
    """Draw *text* (HTML) with *drawings* (SVG by name) as tagged PDF. The same input gives the same bytes.

    *identifier* (16 bytes) goes into the file. Raises NotComputable (PDF_LIBRARIES) when the machine has no Pango;
    everything else works without it.
    """
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    except OSError as missing:  # how WeasyPrint tells that a system library cannot be loaded
        raise NotComputable(
            _("The PDF cannot be drawn: a system library is missing on the server."),
            code="PDF_LIBRARIES",
            todo=_("Ask the administrator to install Pango; CSV, JSON and GeoPackage work without it."),
        ) from missing

    fetch = _fetcher(drawings)
    fonts = FontConfiguration()
    sheet = CSS(string=style_sheet(style), url_fetcher=fetch, font_config=fonts)
    pdf: bytes = HTML(string=text, url_fetcher=fetch).write_pdf(
        stylesheets=[sheet], font_config=fonts, pdf_identifier=identifier, pdf_variant="pdf/ua-1"
    )
    return pdf


def _fetcher(drawings: Mapping[str, str | bytes]) -> Callable[[str], Any]:
    """Return the only source of WeasyPrint: drawings by name and font files; every other address is refused."""

    def fetch(url: str) -> Any:
        from weasyprint.urls import URLFetcherResponse

        kind, _slash, name = url.removeprefix("datnghe:").partition("/")
        if url.startswith("datnghe:") and kind == "drawing" and name in drawings:
            return URLFetcherResponse(url, drawings[name], {"Content-Type": "image/svg+xml"})
        if url.startswith("datnghe:") and kind == "font" and name in {path.name for path in FONTS.glob("*.woff2")}:
            return URLFetcherResponse(url, _font(name), {"Content-Type": "font/ttf"})
        raise ValueError(f"not ours: {url}")

    return fetch


@cache
def _font(name: str) -> bytes:
    """Return a font file unpacked, once per process: WeasyPrint would unpack all twelve for every paper (0.6 s)."""
    from fontTools.ttLib import TTFont

    unpacked = io.BytesIO()
    font = TTFont(FONTS / name, recalcTimestamp=False)
    font.flavor = None
    font.save(unpacked)
    return unpacked.getvalue()
