"""How does an empty paper look? Builds the first DOCX templates in the layout of Decree 30/2020/NĐ-CP.

Offices edit them later. It fills nothing in: `mapping.papers.docx` renders a template with docxtpl.
"""

from __future__ import annotations

from pathlib import Path

from mapping.papers.office_sheet import Sheet
from mapping.papers.office_survey import handover_minutes, marker_sheet, staking_minutes

BUILT_IN = Path(__file__).parent / "office"
BUILT_IN = Path(__file__).parent / "office"


def write_templates(folder: Path = BUILT_IN) -> list[Path]:
    """Write all templates into *folder* and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _submission_letter(folder / "to_trinh.docx"),
        _check_report(folder / "phieu_ra_soat.docx"),
        staking_minutes(folder / "bien_ban_cam_moc.docx"),
        handover_minutes(folder / "ban_giao_moc_gioi.docx"),
        marker_sheet(folder / "so_do_moc.docx"),
    ]


def _submission_letter(path: Path) -> Path:
    sheet = Sheet()
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
    sheet = Sheet()
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


def _annexes(sheet: Sheet) -> None:
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
