"""Are the copied front-end files complete and harmless to the manifest storage?"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from .shell import ROOT

sys.path.insert(0, str(ROOT / "script"))
import vendor

VENDOR = ROOT / "mapping/static/vendor"


def test_geoman_icons_survive_the_manifest_storage() -> None:
    css = (
        b".a{background:url(\"data:image/svg+xml,%3Csvg fill='url(%23clip0)'/%3E\")}\n/*# sourceMappingURL=x.css.map */"
    )
    cleaned = vendor.cleaned("leaflet-geoman.css", css)
    assert b"url%28%23clip0%29" in cleaned
    assert b"sourceMappingURL" not in cleaned


@pytest.mark.parametrize("path", sorted(VENDOR.rglob("*.css"), key=str), ids=lambda path: path.name)
def test_every_file_that_a_stylesheet_names_is_there(path: Path) -> None:
    for address in re.findall(r"""url\(\s*['"]?([^'")]+)""", path.read_text()):
        # #default#VML is Internet Explorer's own and names no file
        if not address.startswith(("data:", "#")):
            assert (path.parent / address).is_file(), address


def test_every_package_of_the_allow_list_is_copied() -> None:
    assert {path.name for path in VENDOR.iterdir()} == set(vendor.ALLOWED)


def test_be_vietnam_pro_comes_with_the_vietnamese_letters() -> None:
    css = (VENDOR / "be-vietnam-pro/be-vietnam-pro.css").read_text()
    assert css.count("@font-face") == 15
    assert css.count("be-vietnam-pro-vietnamese-") == 5
    assert ".woff)" not in css
