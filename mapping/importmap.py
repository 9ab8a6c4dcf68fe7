"""Where does the browser find each of our modules? Builds the import map and the hash that lets it pass the policy.

It does not bundle or rewrite any file: hashed names are mapped from the plain URLs, so relative imports work too.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

MODULE_ROOT = Path(__file__).resolve().parent / "static" / "js"


def import_map_json() -> str:
    """Return the import map: ``datnghe/<path>`` and each plain URL of a module under ``static/js`` → its served URL."""
    return _built() if not settings.DEBUG else _build()


def import_map_source() -> str:
    """Return the CSP source ``'sha256-…'`` of exactly the text `import_map_json` returns."""
    digest = hashlib.sha256(import_map_json().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@lru_cache(maxsize=1)
def _built() -> str:
    return _build()


def _build() -> str:
    imports: dict[str, str] = {}
    for path in sorted(MODULE_ROOT.rglob("*.js")):
        name = path.relative_to(MODULE_ROOT).as_posix()
        served = static(f"js/{name}")
        imports[f"datnghe/{name}"] = served
        plain = f"{settings.STATIC_URL}js/{name}"
        if plain != served:
            imports[plain] = served
    # "<" cannot occur in our file names; escaped all the same, because the text stands inside a script element
    return json.dumps({"imports": imports}, separators=(",", ":")).replace("<", "\\u003c")
