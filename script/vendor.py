"""Which files of the npm packages do pages load? Copies them from an allow-list into mapping/static/vendor.

It does not download, bundle or minify: npm has put the packages into node_modules before. Whole dist folders are not
copied, because the manifest storage refuses a stylesheet or script that names a file which is not there.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "mapping" / "static" / "vendor"

SCRIPTS = ("vietnamese", "latin-ext", "latin")
FACES = ((400, "normal"), (400, "italic"), (500, "normal"), (600, "normal"), (700, "normal"))

# folder in vendor/ → (package, files or patterns inside the package)
ALLOWED: dict[str, tuple[str, tuple[str, ...]]] = {
    "leaflet": ("leaflet", ("dist/leaflet.js", "dist/leaflet.css", "dist/images/*.png", "LICENSE")),
    "geoman": (
        "@geoman-io/leaflet-geoman-free",
        ("dist/leaflet-geoman.min.js", "dist/leaflet-geoman.css", "LICENSE"),
    ),
    "protomaps-leaflet": ("protomaps-leaflet", ("dist/protomaps-leaflet.js", "LICENSE")),
    "leaflet-sync": ("leaflet.sync", ("L.Map.Sync.js", "LICENSE")),
    "htmx": ("htmx.org", ("dist/htmx.min.js", "LICENSE")),
    "be-vietnam-pro": (
        "@fontsource/be-vietnam-pro",
        (
            *(f"files/be-vietnam-pro-{script}-{weight}-{style}.woff2" for script in SCRIPTS for weight, style in FACES),
            "LICENSE",
        ),
    ),
}
SOURCE_MAP = re.compile(rb"^\s*(?://|/\*)[#@] sourceMappingURL=.*$", re.MULTILINE)
DATA_FRAGMENT = re.compile(r"url\((%23[\w-]+)\)")


def cleaned(name: str, content: bytes) -> bytes:
    """Return a file's bytes as served: no source-map line, no fragment that the manifest storage would take for a file.

    Geoman's icons are SVG inside ``data:`` addresses and contain ``url(%23a)``; Django's manifest storage rewrites that
    into a file name and six toolbar icons stay blank. Percent-encoded parentheses mean the same to the browser.
    """
    if name.endswith((".js", ".css")):
        content = SOURCE_MAP.sub(b"", content)
    if name.endswith(".css"):
        content = DATA_FRAGMENT.sub(r"url%28\1%29", content.decode()).encode()
    return content


def font_css() -> str:
    """Return @font-face rules for the copied Be Vietnam Pro files, ranges as its own stylesheets give them."""
    rules = []
    for weight, style in FACES:
        for script in SCRIPTS:
            sheet = f"{weight}.css" if style == "normal" else f"{weight}-{style}.css"
            source = (MODULES / "@fontsource/be-vietnam-pro" / sheet).read_text()
            block = next(
                rule
                for rule in re.findall(r"@font-face\s*\{[^}]*\}", source)
                if f"be-vietnam-pro-{script}-{weight}-{style}." in rule
            )
            rules.append(re.sub(r",\s*url\([^)]*\.woff\)\s*format\('woff'\)", "", block))
    return "\n".join(rules) + "\n"


def main() -> int:
    """Copy everything on the allow-list; fail when a package or file is missing."""
    staging = VENDOR.with_name("vendor.new")
    shutil.rmtree(staging, ignore_errors=True)
    for folder, (package, patterns) in ALLOWED.items():
        for pattern in patterns:
            sources = sorted((MODULES / package).glob(pattern))
            if not sources and pattern != "LICENSE":
                sys.stderr.write(f"{package} has no {pattern}: run npm ci or mend the list in script/vendor.py\n")
                return 1
            for source in sources:
                inside = source.relative_to(MODULES / package)
                parts = inside.parts[1:] if inside.parts[0] == "dist" else inside.parts
                target = staging.joinpath(folder, *parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(cleaned(source.name, source.read_bytes()))
    (staging / "be-vietnam-pro" / "be-vietnam-pro.css").write_text(font_css())
    shutil.rmtree(VENDOR, ignore_errors=True)
    staging.rename(VENDOR)
    return 0


if __name__ == "__main__":
    sys.exit(main())
