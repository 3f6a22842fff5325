"""How long does the report take, and how large is it?

    python -m benchmarks.site --output benchmarks/results/site.md

Makes the site of a released warehouse a few times, each in a fresh process, and weighs what is written.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from . import report

ROUNDS = 3
BAR_SECONDS, BAR_MB, BAR_MB_WITH_ENGINE = 20, 5, 45
HOW = "each in a fresh process, imports included. Other load adds to the clock, not to the processor's time."
ONE = """
import json, resource, sys, time
begin = time.perf_counter()
from pathlib import Path
from python_models.report import build_site
build_site(Path(sys.argv[1]), Path(sys.argv[2]), engine=Path(sys.argv[3]) if sys.argv[3:] else None)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([time.perf_counter() - begin, used.ru_utime + used.ru_stime]))
"""


def one(warehouse: Path, site: Path, *engine: Path) -> tuple[float, float]:
    """Seconds on the clock and of the processor that one report takes, imports included."""
    done = subprocess.run(
        [sys.executable, "-c", ONE, warehouse, site, *engine], capture_output=True, text=True, check=True
    )
    return tuple(json.loads(done.stdout))


def sizes(site: Path) -> dict[Path, int]:
    """File -> bytes."""
    return {path: path.stat().st_size for path in site.rglob("*") if path.is_file()}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--warehouse", type=Path, default=Path("warehouse.duckdb"))
    parser.add_argument("--engine", type=Path, default=Path("build/engine/dist"), help="made by `make engine`")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--output", type=Path, help="markdown file for the results")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        times = [one(options.warehouse, site) for _ in range(options.rounds)]
        plain = sizes(site)
        with_engine = [one(options.warehouse, site, options.engine) for _ in range(options.rounds)]
        whole = sizes(site)
    clock, processor = (statistics.median(column) for column in zip(*times, strict=True))
    whole_clock, whole_processor = (statistics.median(column) for column in zip(*with_engine, strict=True))
    pages = sum(path.suffix == ".html" for path in plain)
    rows = [
        ("seconds on the clock", f"{clock:.1f}", f"{whole_clock:.1f}", f"{BAR_SECONDS} where nothing else runs"),
        ("seconds of processor time", f"{processor:.1f}", f"{whole_processor:.1f}", ""),
        ("pages", pages, pages, ""),
        ("files", len(plain), len(whole), ""),
        ("MB", f"{sum(plain.values()) / 1e6:.1f}", f"{sum(whole.values()) / 1e6:.1f}",
         f"{BAR_MB} without the database, {BAR_MB_WITH_ENGINE} with it"),
    ]
    report.publish(
        "\n\n".join(
            [
                "# Time and size of the report",
                report.conditions(
                    [f"altair {version('altair')}", f"vl-convert {version('vl-convert-python')}"]
                ),
                f"Written by `python -m benchmarks.site`: medians of {options.rounds} rounds, {HOW}",
                report.table(["", "without the database", "with the explorer's database", "bar"], rows),
            ]
        ),
        options.output,
    )


if __name__ == "__main__":
    main()
