"""Which columns does a survey file carry? The written table of short names, their meaning and units.

DBF names have at most 10 ASCII characters; the table, not a truncation, decides them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One column: *name* in the file, meaning in both languages, *unit* of measure."""

    name: str
    meaning_vi: str
    meaning_en: str
    unit: str = ""


@dataclass(frozen=True)
class FileLayer:
    """One layer of the package: file name, geometry, meaning, columns."""

    name: str
    geometry: str
    meaning_vi: str
    meaning_en: str
    fields: tuple[Field, ...]


# In every layer: a file torn from its package still says what it is.
STANDING = (
    Field(
        "tinh_trang",
        "Tình trạng ranh giới: DỰ THẢO (chưa có quyết định, không dùng để cắm mốc), ĐÃ QUYẾT ĐỊNH,"
        " hoặc ĐO ĐẠC THEO QUYẾT ĐỊNH (ranh giới đo khi cắm mốc, đã được chấp nhận)",
        "Standing of the boundary: DỰ THẢO (a draft, not to be staked out), ĐÃ QUYẾT ĐỊNH (decided), or ĐO ĐẠC THEO"
        " QUYẾT ĐỊNH (measured when it was staked out, and accepted)",
    ),
    Field(
        "ngay_tt",
        "Ngày của tình trạng (năm-tháng-ngày): ngày lưu dự thảo, ngày quyết định, hoặc ngày chấp nhận kết quả đo",
        "Day of the standing (year-month-day): when the draft was kept, when it was decided, or when the measurements"
        " were accepted",
    ),
)
BOUNDARY = FileLayer(
    "ranh_gioi",
    "MultiPolygon",
    "Ranh giới khu đất",
    "Boundary of the zone",
    (
        Field("ma_ho_so", "Mã hồ sơ", "Code of the proposal"),
        Field("ten", "Tên cụm công nghiệp", "Name of the cluster"),
        Field("phuong_an", "Phương án ranh giới (lần)", "Boundary version"),
        Field("quyet_dinh", "Số quyết định", "Number of the decision"),
        Field("ngay_qd", "Ngày quyết định (năm-tháng-ngày)", "Date of the decision (year-month-day)"),
        Field("dien_tich", "Diện tích", "Area", "ha"),
        Field("so_diem", "Số điểm góc", "Number of corners"),
        Field("ma_bam", "16 ký tự đầu của mã băm SHA-256", "First 16 characters of the SHA-256 of the boundary"),
        *STANDING,
    ),
)
PARTS = FileLayer(
    "khu_chuc_nang",
    "Polygon",
    "Khu chức năng sử dụng đất",
    "Land-use parts",
    (
        Field("so_tt", "Số thứ tự", "Number"),
        Field("ma_su_dung", "Mã chức năng sử dụng", "Code of the use"),
        Field("su_dung", "Chức năng sử dụng", "Use"),
        Field("dien_tich", "Diện tích", "Area", "ha"),
        *STANDING,
    ),
)
CORNERS = FileLayer(
    "diem_goc",
    "Point",
    "Điểm góc ranh giới",
    "Corners of the boundary",
    (
        Field("diem", "Số hiệu điểm", "Number of the corner"),
        Field("khoi", "Khối (khu)", "Block"),
        Field("x_bac", "Tọa độ X (hướng Bắc)", "X, northing", "m"),
        Field("y_dong", "Tọa độ Y (hướng Đông)", "Y, easting", "m"),
        Field("canh_m", "Chiều dài cạnh đến điểm kế tiếp", "Side to the next corner", "m"),
        *STANDING,
    ),
)
LAYERS = (BOUNDARY, PARTS, CORNERS)
