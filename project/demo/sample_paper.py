"""What stands in for a scanned paper in the demo's dossiers? A one-page PDF that says it is a sample, in ASCII."""

from __future__ import annotations


def sample_pdf(title: str, code: str) -> bytes:
    """Return a valid one-page PDF with *title* and *code* (ASCII; the standard fonts have no Vietnamese letters)."""
    note = f"{code} - ban minh hoa, khong co gia tri phap ly"
    text = f"BT /F1 16 Tf 60 760 Td ({title}) Tj 0 -28 Td /F1 11 Tf ({note}) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text.encode("ascii")),
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
