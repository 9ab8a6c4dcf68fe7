"""How is an office's paper laid out in DOCX? One A4 sheet written paragraph by paragraph, as Decree 30/2020/NĐ-CP asks.

It knows no paper in particular: `mapping.papers.office_templates` and its neighbour for the survey do.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

FONT = "Times New Roman"
BODY_PT, SMALL_PT, TABLE_PT = 13, 12, 11
# Decree 30/2020/NĐ-CP, annex I: A4, top and bottom 20–25 mm, left 30–35 mm, right 15–20 mm.
MARGINS_CM = {"top_margin": 2.0, "bottom_margin": 2.0, "left_margin": 3.0, "right_margin": 1.7}


class Sheet:
    """Write one A4 document paragraph by paragraph; a thin hand on python-docx."""

    def __init__(self) -> None:
        from docx import Document
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt

        self.document: Any = Document()
        self._pt, self._cm = Pt, Cm
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        for name, size in MARGINS_CM.items():
            setattr(section, name, Cm(size))
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(BODY_PT)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)

    def save(self, path: Path) -> Path:
        """Write the file."""
        self.document.save(str(path))
        return path

    def line(
        self,
        text: str,
        *,
        bold: bool = False,
        italic: bool = False,
        centre: bool = False,
        indent: bool = False,
        before: float = 3,
        after: float = 3,
        size: float = BODY_PT,
    ) -> None:
        """Add a paragraph."""
        self._fill(self.document.add_paragraph(), text, bold=bold, italic=italic, centre=centre, size=size)
        shape = self.document.paragraphs[-1].paragraph_format
        shape.space_before, shape.space_after = self._pt(before), self._pt(after)
        if indent:
            shape.first_line_indent = self._cm(1.0)
            self.document.paragraphs[-1].alignment = 3

    def heading(self, text: str) -> None:
        """Add a numbered heading that stays with what follows."""
        self.line(text, bold=True, indent=True, before=6)
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True

    def tag(self, text: str) -> None:
        """Add a paragraph that docxtpl removes."""
        self.document.add_paragraph(text)

    def page_break(self) -> None:
        """Begin a new page."""
        self.document.add_page_break()

    def head(self, first: str, second: str, number: str, place: str) -> None:
        """Add the head: agency and number at the left, national title and place at the right."""
        table = self._plain_table(2, (6.6, 9.7))
        left, right = table.rows[0].cells
        self._fill(left.paragraphs[0], first, centre=True, size=SMALL_PT)
        self._fill(left.add_paragraph(), second, bold=True, centre=True, size=SMALL_PT)
        self._underline(left.paragraphs[1])
        self._fill(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, centre=True, size=SMALL_PT)
        self._fill(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", bold=True, centre=True, size=BODY_PT)
        self._underline(right.paragraphs[1])
        self._fill(table.rows[1].cells[0].paragraphs[0], number, centre=True)
        self._fill(table.rows[1].cells[1].paragraphs[0], place, italic=True, centre=True)
        for row in table.rows:
            for cell in row.cells:
                for paragraph in cell.paragraphs:
                    paragraph.paragraph_format.space_after = self._pt(2)

    def rule_under_title(self) -> None:
        """Add the short rule under the subject of the paper."""
        self._fill(self.document.add_paragraph(), "_______________", centre=True, size=8)

    def signature(self, receivers: Sequence[str], signer: Sequence[str]) -> None:
        """Add receivers at the left and the signer's office at the right."""
        table = self._plain_table(1, (8.0, 8.3))
        left, right = table.rows[0].cells
        for index, text in enumerate(receivers):
            paragraph = left.paragraphs[0] if index == 0 else left.add_paragraph()
            self._fill(paragraph, text, bold=index == 0, italic=index == 0, size=SMALL_PT if index == 0 else 11)
        for index, text in enumerate((*signer, "", "", "")):
            paragraph = right.paragraphs[0] if index == 0 else right.add_paragraph()
            self._fill(paragraph, text, bold=True, centre=True)

    def signers(self, offices: Sequence[str]) -> None:
        """Add one place to sign beside the other for each of *offices*."""
        table = self._plain_table(1, [16.3 / len(offices)] * len(offices))
        for cell, office in zip(table.rows[0].cells, offices, strict=True):
            self._fill(cell.paragraphs[0], office, bold=True, centre=True, size=SMALL_PT)
            self._fill(cell.add_paragraph(), "(ký, ghi rõ họ tên)", italic=True, centre=True, size=11)
            for _line in range(4):
                cell.add_paragraph()

    def table(
        self,
        headings: Sequence[str],
        cells: Sequence[str],
        loop: str,
        widths_cm: Sequence[float],
        *,
        figures: int,
        size: float = TABLE_PT,
    ) -> None:
        """Add a table with a repeating heading row and one looped row; columns from *figures* on are right-aligned."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        table = self.document.add_table(rows=4, cols=len(headings))
        table.style, table.autofit = "Table Grid", False
        for column, (heading, text, width) in enumerate(zip(headings, cells, widths_cm, strict=True)):
            self._fill(table.rows[0].cells[column].paragraphs[0], heading, bold=True, centre=True, size=size)
            paragraph = table.rows[2].cells[column].paragraphs[0]
            self._fill(paragraph, text, size=size)
            paragraph.alignment = 2 if figures <= column < len(headings) - (figures > 4) else 0
            # both, because word processors disagree on which of the two counts
            table.columns[column].width = self._cm(width)
            for row in table.rows:
                row.cells[column].width = self._cm(width)
        table.rows[1].cells[0].text = f"{{%tr for {loop} %}}"
        table.rows[3].cells[0].text = "{%tr endfor %}"
        repeat = OxmlElement("w:tblHeader")
        repeat.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(repeat)
        for row in (table.rows[0], table.rows[2]):
            whole = OxmlElement("w:cantSplit")
            row._tr.get_or_add_trPr().append(whole)

    def _plain_table(self, rows: int, widths_cm: Sequence[float]) -> Any:
        table = self.document.add_table(rows=rows, cols=len(widths_cm))
        table.autofit = False
        for column, width in zip(table.columns, widths_cm, strict=True):
            column.width = self._cm(width)
        for row in table.rows:
            for cell, width in zip(row.cells, widths_cm, strict=True):
                cell.width = self._cm(width)
        return table

    def _underline(self, paragraph: Any) -> None:
        for run in paragraph.runs:
            run.font.underline = True

    def _fill(
        self,
        paragraph: Any,
        text: str,
        *,
        bold: bool = False,
        italic: bool = False,
        centre: bool = False,
        size: float = 13,
    ) -> None:
        run = paragraph.add_run(text)
        run.bold, run.italic, run.font.size, run.font.name = bold, italic, self._pt(size), FONT
        if centre:
            paragraph.alignment = 1
