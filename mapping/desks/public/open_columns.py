"""Which columns do the public books have outside the house? Those of the public views, each with its name for a DBF.

A column that a view gains is not exported until it stands here; `tests/desks/public/test_open_data.py` compares both.
"""

from __future__ import annotations

from mapping.papers.export import Column, Kind, checked

_SHORT = {
    "id": "id",
    "slug": "slug",
    "name": "ten",
    "kind": "loai",
    "unit_id": "xa_id",
    "unit_name": "xa",
    "unit_as_reported": "noi_ghi",
    "former_district_id": "huyen_id",
    "former_district_name": "huyen_cu",
    "source": "nguon",
    "illustrative": "minh_hoa",
    "funded_projects": "so_de_an",
    "funded_vnd": "kinh_phi",
    "funded_first_year": "nam_dau",
    "funded_last_year": "nam_cuoi",
    "workers": "lao_dong",
    # villages
    "trade_group": "nhom_nghe",
    "trade": "nghe",
    "trade_name_vi": "nghe_vi",
    "trade_name_en": "nghe_en",
    "hamlets": "thon",
    "since_year": "tu_nam",
    "recognition_text": "qd_cn",
    "recognised_on": "ngay_cn",
    "environment_plan": "pa_mt",
    "about_vi": "gthieu_vi",
    "about_en": "gthieu_en",
    "year": "nam",
    "households_total": "so_ho",
    "households_engaged": "ho_nghe",
    "artisans": "nghe_nhan",
    "revenue_vnd": "doanh_thu",
    "output_text": "san_luong",
    # clusters
    "lifecycle": "trang_thai",
    "established_by": "qd_tl",
    "established_on": "ngay_tl",
    "infrastructure_owner": "chu_ht",
    "wastewater_state": "nuoc_thai",
    "trades": "nganh",
    "planned_ha": "dt_qh",
    "established_ha": "dt_tl",
    "industrial_land_ha": "dt_cn",
    "leasable_ha": "dt_cho_thu",
    "leased_ha": "dt_da_thue",
    "reported_on": "ngay_bc",
    "projects": "so_du_an",
    "boundary_kind": "loai_rg",
    "boundary_from": "rg_tu",
    "boundary_area_m2": "rg_m2",
    # funded projects
    "code": "ma",
    "title": "ten_de_an",
    "activity": "noi_dung",
    "level": "cap",
    "state": "trang_thai",
    "source_name": "nguon_von",
    "implementer": "thuc_hien",
    "beneficiary": "thu_huong",
    "beneficiary_kind": "loai_th",
    "village_id": "lang_id",
    "cluster_id": "cum_id",
    "granted_vnd": "ho_tro",
    "counterpart_vnd": "doi_ung",
    "paid_vnd": "da_chi",
    "settled_vnd": "quyet_toan",
    "accepted_on": "nghiem_thu",
    "settled_on": "ngay_qt",
    # products
    "village_slug": "lang_slug",
    "ocop_stars": "sao_ocop",
    "ocop_year": "nam_ocop",
    "typical_rural_product": "tieu_bieu",
}
_WHOLE = (
    "id", "unit_id", "former_district_id", "funded_projects", "funded_vnd", "funded_first_year", "funded_last_year",
    "workers", "since_year", "year", "households_total", "households_engaged", "artisans", "revenue_vnd", "projects",
    "village_id", "cluster_id", "granted_vnd", "counterpart_vnd", "paid_vnd", "settled_vnd", "ocop_stars", "ocop_year",
)  # fmt: skip
_NUMBERS = ("planned_ha", "established_ha", "industrial_land_ha", "leasable_ha", "leased_ha", "boundary_area_m2")
_DAYS = (
    "recognised_on", "established_on", "reported_on", "boundary_from", "accepted_on", "settled_on",
)  # fmt: skip
_YES_NO = ("illustrative", "environment_plan")
_KINDS = {
    **dict.fromkeys(_WHOLE, Kind.WHOLE),
    **dict.fromkeys(_NUMBERS, Kind.NUMBER),
    **dict.fromkeys(_DAYS, Kind.DAY),
    **dict.fromkeys(_YES_NO, Kind.YES_NO),
}


def _table(*names: str) -> tuple[Column, ...]:
    return checked(Column(name, _SHORT[name], name, _KINDS.get(name, Kind.TEXT)) for name in names)


VILLAGE = _table(
    "id", "slug", "name", "kind", "trade_group", "trade", "trade_name_vi", "trade_name_en", "hamlets", "unit_id",
    "unit_name", "unit_as_reported", "former_district_id", "former_district_name", "since_year", "recognition_text",
    "recognised_on", "environment_plan", "about_vi", "about_en", "source", "illustrative", "year", "households_total",
    "households_engaged", "workers", "artisans", "revenue_vnd", "output_text", "funded_projects", "funded_vnd",
    "funded_first_year", "funded_last_year",
)  # fmt: skip
CLUSTER = _table(
    "id", "slug", "name", "kind", "lifecycle", "unit_id", "unit_name", "unit_as_reported", "former_district_id",
    "former_district_name", "established_by", "established_on", "infrastructure_owner", "wastewater_state", "trades",
    "source", "illustrative", "planned_ha", "established_ha", "industrial_land_ha", "leasable_ha", "leased_ha",
    "reported_on", "projects", "workers", "boundary_kind", "boundary_from", "boundary_area_m2", "funded_projects",
    "funded_vnd", "funded_first_year", "funded_last_year",
)  # fmt: skip
FUNDED_PROJECT = _table(
    "id", "code", "title", "activity", "level", "state", "year", "source_name", "implementer", "beneficiary",
    "beneficiary_kind", "unit_id", "unit_name", "former_district_id", "former_district_name", "village_id",
    "cluster_id", "granted_vnd", "counterpart_vnd", "paid_vnd", "settled_vnd", "accepted_on", "settled_on",
    "illustrative",
)  # fmt: skip
PRODUCT = _table(
    "id", "village_id", "village_slug", "name", "ocop_stars", "ocop_year", "typical_rural_product"
)  # fmt: skip
