"""Run the benches, one row per figure: ``python -m tests.bench [--quick] [NAME …]``. Exits 1 when one falls short."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import time
from collections.abc import Iterable

from tests.bench.figure import Figure

NO_BENCH = {
    "__main__", "exchange_child", "exchange_rows", "exchange_upload", "figure", "peers", "province", "server", "zones",
}  # fmt: skip


def names() -> list[str]:
    """Return the benches there are."""
    import tests.bench

    found = (module.name for module in pkgutil.iter_modules(tests.bench.__path__))
    return sorted(name for name in found if name not in NO_BENCH and not name.startswith("test_"))


def main(wanted: list[str]) -> int:
    """Run the benches of these names (all without names); return the exit status."""
    quick = "--quick" in wanted
    wanted = [name for name in wanted if name != "--quick"]
    unknown = [name for name in wanted if name not in names()]
    if unknown:
        print(f"no bench {', '.join(unknown)}; there are {', '.join(names())}", file=sys.stderr)
        return 2
    if quick:
        os.environ["DATNGHE_BENCH_QUICK"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    import django

    django.setup()
    print(f"{'figure':<44} {'value':>12} {'baseline':>12} {'ratio':>7} {'goal':>7}  against", flush=True)
    short = 0
    for name in wanted or names():
        begun = time.perf_counter()
        found: Iterable[Figure] = importlib.import_module(f"tests.bench.{name}").figures()
        for figure in found:
            print(_row(figure), flush=True)
            short += not figure.met
        print(f"  ({name}: {time.perf_counter() - begun:.0f} s)", flush=True)
    if short:
        print(f"{short} figure(s) fall short of the goal.", file=sys.stderr)
    return 1 if short else 0


def _row(figure: Figure) -> str:
    def shown(value: float | None, unit: str = "") -> str:
        if value is None:
            return "–"
        text = f"{value:.2f}" if value == 0 or abs(value) >= 0.01 else f"{value:.1e}"
        return f"{text} {unit}" if unit else text

    return (
        f"{figure.name:<44} {shown(figure.value, figure.unit):>12} {shown(figure.baseline, figure.unit):>12}"
        f" {shown(figure.ratio):>7} {shown(figure.goal):>7}  {figure.baseline_name}" + ("" if figure.met else "  SHORT")
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
