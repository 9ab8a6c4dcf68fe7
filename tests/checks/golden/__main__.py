"""Write the golden answers anew, deliberately: ``python -m tests.checks.golden [--dry]``. Prints what moved.

It works in a test database of its own and asks nothing of the one that serves.
"""

from __future__ import annotations

import os
import sys


def main(arguments: list[str]) -> int:
    """Compute, compare with what was kept, write; return 1 when something moved."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings_test")
    import django

    django.setup()
    from django.db import transaction
    from django.test.utils import setup_databases, teardown_databases

    from tests.checks.golden.answers import FILE, answers, load, moved, other_hashes, save
    from tests.checks.golden.province import make_province

    made = setup_databases(verbosity=0, interactive=False)
    try:
        with transaction.atomic():
            found = answers(*make_province())
            transaction.set_rollback(True)
    finally:
        teardown_databases(made, verbosity=0)
    kept = load() if FILE.exists() else {"engine": {}, "zones": {}}
    changes = moved(kept, found)
    for line in changes:
        print(line)
    print(f"{len(found['zones'])} zones, {len(other_hashes(kept, found))} other hashes, {len(changes)} figures moved")
    print(f"engine: {kept['engine']} → {found['engine']}")
    if "--dry" not in arguments:
        print(f"{FILE.name}: {save(found):,} bytes")
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
