"""How do the empty handover papers of a survey look? Minutes of staking, minutes of handing over, the sheet of markers.

Offices edit them later. What is found in the field stays blank: date, people, and what nobody measured yet.
"""

from __future__ import annotations

from pathlib import Path

from mapping.papers.office_sheet import Sheet

_PARTIES = (
    "Đại diện Sở Công Thương: ông (bà) {h}, chức vụ {h}",
    "Đại diện {{{{ commune }}}}: ông (bà) {h}, chức vụ {h}",
    "Đại diện đơn vị đề nghị làm chủ đầu tư hạ tầng ({{{{ applicant }}}}): ông (bà) {h}",
    "Đại diện đơn vị đo đạc: ông (bà) {h}, chức vụ {h}",
)


def staking_minutes(path: Path) -> Path:
    """Write the template of the minutes of staking out (biên bản cắm mốc)."""
    sheet = _begin("BIÊN BẢN CẮM MỐC", "Về việc cắm mốc ranh giới {{ name }} ngoài thực địa")
    _parties(sheet)
    _basis(sheet)
    sheet.line(
        "Các bên đã xác định và cắm {{ corners_count }} mốc ranh giới ngoài thực địa; tọa độ theo quyết định và"
        " tọa độ đo kiểm tra như sau ({{ crs_text }}; X là hướng Bắc, Y là hướng Đông):",
        indent=True,
    )
    sheet.table(
        ("Khối", "Mốc", "X quyết định (m)", "Y quyết định (m)", "X đo (m)", "Y đo (m)", "Loại mốc"),
        (
            "{{ row.block }}",
            "{{ row.number }}",
            "{{ row.decided_x }}",
            "{{ row.decided_y }}",
            "{{ row.measured_x }}",
            "{{ row.measured_y }}",
            "",
        ),
        "row in staked",
        (2.1, 1.2, 2.9, 2.8, 2.9, 2.8, 1.6),
        figures=2,
        size=9.5,
    )
    sheet.line("Máy đo, điểm gốc sử dụng: {{ instrument }}", indent=True, before=8)
    sheet.line("Sai số vị trí điểm so với giới hạn cho phép của tỷ lệ bản đồ: {{ error }}", indent=True)
    sheet.line("Biên bản lập thành ...... bản, các bên thống nhất ký tên.", indent=True)
    _end(sheet)
    return sheet.save(path)


def handover_minutes(path: Path) -> Path:
    """Write the template of the minutes of handing over the markers (biên bản bàn giao mốc giới)."""
    sheet = _begin("BIÊN BẢN BÀN GIAO MỐC GIỚI", "Về việc bàn giao mốc ranh giới {{ name }}")
    _parties(sheet)
    _basis(sheet)
    sheet.line(
        "Đơn vị đo đạc bàn giao cho {{ commune }} và đơn vị đề nghị làm chủ đầu tư hạ tầng {{ corners_count }} mốc ranh"
        " giới để quản lý, bảo vệ, gồm ({{ crs_text }}):",
        indent=True,
    )
    sheet.table(
        ("Khối", "Mốc", "X (m)", "Y (m)", "Hiện trạng mốc khi bàn giao", "Ghi chú"),
        ("{{ row.block }}", "{{ row.number }}", "{{ row.x }}", "{{ row.y }}", "", ""),
        "row in markers",
        (2.4, 1.4, 3.1, 3.0, 4.2, 2.2),
        figures=4,
        size=9.5,
    )
    sheet.line(
        "Kể từ ngày bàn giao, {{ commune }} và đơn vị nhận bàn giao có trách nhiệm giữ gìn mốc giới; mốc bị mất,"
        " xê dịch phải báo ngay cho Sở Công Thương.",
        indent=True,
        before=8,
    )
    _end(sheet)
    return sheet.save(path)


def marker_sheet(path: Path) -> Path:
    """Write the template of the sheet of markers (sơ đồ mốc): drawing, sides, coordinates."""
    sheet = _begin("SƠ ĐỒ MỐC GIỚI", "{{ name }}")
    sheet.line("Địa điểm: {{ unit }}. {{ area_text }}. Số mốc: {{ corners_count }}.", indent=True, before=8)
    sheet.line("Quyết định: {{ decision }}.", indent=True)
    sheet.line("{{ picture }}", centre=True)
    sheet.line("Tỷ lệ 1:{{ scale }} (khi in đúng khổ). {{ picture_crs }}.", centre=True, italic=True, size=11)
    sheet.line("BẢNG TỌA ĐỘ MỐC", bold=True, centre=True, before=10)
    sheet.line("{{ crs_text }}; X là hướng Bắc, Y là hướng Đông.", centre=True, italic=True, size=11)
    sheet.table(
        ("Khối", "Mốc", "X (m)", "Y (m)", "Cạnh đến mốc sau (m)", "Mô tả vị trí, vật chuẩn"),
        ("{{ row.block }}", "{{ row.number }}", "{{ row.x }}", "{{ row.y }}", "{{ row.side }}", ""),
        "row in markers",
        (2.3, 1.3, 3.0, 2.9, 2.4, 4.4),
        figures=2,
        size=9.5,
    )
    sheet.line("Mã băm ranh giới (SHA-256): {{ geom_hash }}", size=9, before=8)
    sheet.line("Kiểm tra hiệu lực: {{ address }}", size=9)
    return sheet.save(path)


def _begin(title: str, about: str) -> Sheet:
    sheet = Sheet()
    place = "{{ place }}, ngày ..... tháng ..... năm ......."
    sheet.head("{{ province }}", "SỞ CÔNG THƯƠNG", "Mã hồ sơ: {{ code }}", place)
    sheet.line(title, bold=True, centre=True, before=12, size=14)
    sheet.line(about, bold=True, centre=True, after=2)
    sheet.rule_under_title()
    sheet.tag("{%p if draft %}")
    sheet.line("{{ draft }}", bold=True, centre=True)
    sheet.tag("{%p endif %}")
    return sheet


def _parties(sheet: Sheet) -> None:
    sheet.line("Hôm nay, ngày ..... tháng ..... năm ......., tại {{ unit }}, chúng tôi gồm:", indent=True, before=8)
    for number, party in enumerate(_PARTIES, start=1):
        sheet.line(f"{number}. {party.format(h='....................')};", indent=True)


def _basis(sheet: Sheet) -> None:
    sheet.line("Căn cứ: quyết định {{ decision }}; phương án ranh giới {{ version }}; {{ area_text }}.", indent=True)


def _end(sheet: Sheet) -> None:
    sheet.line("", before=6)
    sheet.signers(("SỞ CÔNG THƯƠNG", "{{ commune|upper }}", "CHỦ ĐẦU TƯ HẠ TẦNG", "ĐƠN VỊ ĐO ĐẠC"))
    sheet.line("Mã băm ranh giới (SHA-256): {{ geom_hash }}. Kiểm tra hiệu lực: {{ address }}", size=9)
