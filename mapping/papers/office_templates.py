"""How does an empty paper look? Builds the first DOCX templates in the layout of Decree 30/2020/NĐ-CP.

Offices edit them later. It fills nothing in: `mapping.papers.docx` renders a template with docxtpl.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

BUILT_IN = Path(__file__).parent / "office"
FONT = "Times New Roman"
BODY_PT, SMALL_PT, TABLE_PT = 13, 12, 11
# Decree 30/2020/NĐ-CP, annex I: A4, top and bottom 20–25 mm, left 30–35 mm, right 15–20 mm.
MARGINS_CM = {"top_margin": 2.0, "bottom_margin": 2.0, "left_margin": 3.0, "right_margin": 1.7}


def write_templates(folder: Path = BUILT_IN) -> list[Path]:
    """Write both templates into *folder* and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_submission_letter(folder / "to_trinh.docx"), _check_report(folder / "phieu_ra_soat.docx")]


def _submission_letter(path: Path) -> Path:
    sheet = _Sheet()
    sheet.head(
        "{{ agency_first }}",
        "{{ agency_second }}",
        "Số:        /TTr-UBND",
        "{{ place }}, ngày      tháng      năm {{ year }}",
    )
    sheet.line("TỜ TRÌNH", bold=True, centre=True, before=12, size=14)
    sheet.line("Về việc đề nghị {{ asks_for }} {{ name }}", bold=True, centre=True, after=2)
    sheet.rule_under_title()
    sheet.line("Kính gửi: {{ addressee }}", centre=True, before=10, after=8)
    sheet.tag("{%p for basis in legal_bases %}")
    sheet.line("Căn cứ {{ basis }};", italic=True, indent=True)
    sheet.tag("{%p endfor %}")
    sheet.line("{{ agency_name }} kính trình {{ addressee }} xem xét với các nội dung sau:", indent=True)
    sheet.heading("1. Sự cần thiết")
    sheet.line("{{ need }}", indent=True)
    sheet.heading("2. Tên, địa điểm, quy mô")
    sheet.line("Tên: {{ name }}. Mã hồ sơ: {{ code }}.", indent=True)
    sheet.line("Địa điểm: {{ unit }}. Diện tích: {{ area_ha }} (phương án ranh giới lần {{ version }}).", indent=True)
    sheet.line("{{ plan_entry }}", indent=True)
    sheet.heading("3. Đơn vị đề nghị làm chủ đầu tư hạ tầng")
    sheet.line("{{ applicant }}", indent=True)
    sheet.heading("4. Hiện trạng sử dụng đất trong ranh giới")
    sheet.table(
        ("Mã đất", "Loại đất", "Diện tích (ha)", "Tỷ lệ (%)", "Số thửa"),
        ("{{ row.code }}", "{{ row.name }}", "{{ row.area }}", "{{ row.share }}", "{{ row.parcels }}"),
        "row in land_use",
        (2.0, 6.5, 3.0, 2.5, 2.3),
        figures=2,
    )
    sheet.heading("5. Cơ cấu sử dụng đất quy hoạch")
    sheet.table(
        ("Khu chức năng", "Diện tích (ha)", "Tỷ lệ (%)"),
        ("{{ row.name }}", "{{ row.area }}", "{{ row.share }}"),
        "row in planned_use",
        (9.3, 3.5, 3.5),
        figures=1,
    )
    sheet.heading("6. Kết quả rà soát")
    sheet.line(
        "Kết luận rà soát: {{ verdict }}. {{ counts }}. Chi tiết tại phiếu kết quả rà soát kèm theo.", indent=True
    )
    sheet.heading("7. Đề án khuyến công có liên quan")
    sheet.tag("{%p for row in funding %}")
    sheet.line("- {{ row }}", indent=True)
    sheet.tag("{%p endfor %}")
    sheet.line("{{ closing }}", indent=True, before=6, after=10)
    sheet.signature(
        ("Nơi nhận:", "- Như trên;", "- Sở Công Thương;", "- Lưu: VT, hồ sơ {{ code }}."),
        ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    )
    sheet.page_break()
    _annexes(sheet)
    return sheet.save(path)


def _check_report(path: Path) -> Path:
    sheet = _Sheet()
    sheet.head("{{ agency_first }}", "{{ agency_second }}", "Mã hồ sơ: {{ code }}", "{{ place }}, {{ made_on_long }}")
    sheet.line("PHIẾU KẾT QUẢ RÀ SOÁT", bold=True, centre=True, before=12, size=14)
    sheet.line("{{ name }} – phương án ranh giới lần {{ version }}", bold=True, centre=True, after=2)
    sheet.rule_under_title()
    sheet.line("Địa điểm: {{ unit }}. Diện tích: {{ area_ha }} {{ size_text }}.", indent=True, before=8)
    sheet.line("KẾT LUẬN RÀ SOÁT: {{ verdict }}", bold=True, indent=True)
    sheet.line("{{ counts }}.", indent=True)
    sheet.heading("1. Nội dung vướng mắc")
    sheet.table(
        ("Mức", "Nội dung", "Diện tích", "Tỷ lệ", "Khoảng cách", "Căn cứ"),
        (
            "{{ row.outcome }}",
            "{{ row.text }}",
            "{{ row.area }}",
            "{{ row.share }}",
            "{{ row.distance }}",
            "{{ row.citation }}",
        ),
        "row in findings",
        (2.3, 6.2, 1.9, 1.5, 1.8, 2.6),
        figures=5,
        size=9.5,
    )
    sheet.heading("2. Chưa rà soát (thiếu dữ liệu)")
    sheet.tag("{%p for row in unchecked %}")
    sheet.line("- {{ row }}", indent=True)
    sheet.tag("{%p endfor %}")
    sheet.heading("3. Hiện trạng sử dụng đất trong ranh giới")
    sheet.table(
        ("Mã đất", "Loại đất", "Diện tích (ha)", "Tỷ lệ (%)", "Số thửa"),
        ("{{ row.code }}", "{{ row.name }}", "{{ row.area }}", "{{ row.share }}", "{{ row.parcels }}"),
        "row in land_use",
        (2.0, 6.5, 3.0, 2.5, 2.3),
        figures=2,
    )
    sheet.heading("4. Cơ cấu sử dụng đất quy hoạch")
    sheet.table(
        ("Chỉ tiêu", "Giá trị", "Giới hạn", "Kết quả"),
        ("{{ row.title }}", "{{ row.value }}", "{{ row.limits }}", "{{ row.result }}"),
        "row in ratios",
        (7.3, 3.0, 3.0, 3.0),
        figures=1,
    )
    sheet.heading("5. Dữ liệu, quy tắc, công cụ tính")
    sheet.tag("{%p for row in editions %}")
    sheet.line("- {{ row }}", indent=True, size=11)
    sheet.tag("{%p endfor %}")
    sheet.line(
        "Bộ quy tắc: lần {{ rule_set }}; ngày áp dụng {{ basis_date }}; công cụ: {{ engine }}.", indent=True, size=11
    )
    sheet.line("Mã băm ranh giới (SHA-256): {{ geom_hash }}", size=9)
    sheet.line("Mã băm kết quả (SHA-256): {{ findings_hash }}", size=9)
    sheet.line(
        "Phiếu do hệ thống lập từ dữ liệu nêu trên, không thay thế ý kiến của cơ quan có thẩm quyền.",
        italic=True,
        indent=True,
    )
    sheet.page_break()
    _annexes(sheet)
    return sheet.save(path)


def _annexes(sheet: _Sheet) -> None:
    sheet.line("PHỤ LỤC 1. SƠ ĐỒ VỊ TRÍ", bold=True, centre=True)
    sheet.line("{{ picture }}", centre=True)
    sheet.line(
        "Tỷ lệ 1:{{ scale }} (khi in đúng khổ). {{ crs_text }}. {{ schematic_note }}", centre=True, italic=True, size=11
    )
    sheet.line("PHỤ LỤC 2. BẢNG TỌA ĐỘ RANH GIỚI", bold=True, centre=True, before=14)
    sheet.line("{{ crs_text }}; X là hướng Bắc, Y là hướng Đông.", centre=True, italic=True, size=11)
    sheet.line("Phép chuyển đổi sang WGS 84: {{ operation }}.", centre=True, italic=True, size=11)
    sheet.table(
        ("Khối", "Số hiệu điểm", "X (m)", "Y (m)", "Chiều dài cạnh (m)"),
        ("{{ row.block }}", "{{ row.number }}", "{{ row.x }}", "{{ row.y }}", "{{ row.side }}"),
        "row in corners",
        (3.3, 2.6, 3.6, 3.4, 3.4),
        figures=1,
        size=10,
    )


class _Sheet:
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
