"""How does an address get onto paper? As a QR code in vector form."""

from __future__ import annotations

import io


def qr_svg(address: str) -> bytes:
    """Draw *address* as an SVG QR code with its quiet zone."""
    import qrcode
    from qrcode.image.svg import SvgPathImage

    drawing = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, box_size=12).save(drawing)
    return drawing.getvalue()
