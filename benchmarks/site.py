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
BAR_SECONDS, BAR_BYTES = 20, 5_000_000
ENGINE = {".wasm", ".parquet"}
"""What the explorer brings: an engine and the released data."""
HOW = "each in a fresh process, imports included. Other load adds to the clock, not to the processor's time."
ONE = """
import json, resource, sys, time
begin = time.perf_counter()
from pathlib import Path
from python_models.report import build_site
build_site(Path(sys.argv[1]), Path(sys.argv[2]))
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([time.perf_counter() - begin, used.ru_utime + used.ru_stime]))
"""


def one(warehouse: Path, site: Path) -> tuple[float, float]:
    """Seconds on the clock and of the processor that one report takes, imports included."""
    done = subprocess.run(
        [sys.executable, "-c", ONE, warehouse, site], capture_output=True, text=True, check=True
    )
    return tuple(json.loads(done.stdout))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--warehouse", type=Path, default=Path("warehouse.duckdb"))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--output", type=Path, help="markdown file for the results")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        times = [one(options.warehouse, site) for _ in range(options.rounds)]
        sizes = {path: path.stat().st_size for path in site.rglob("*") if path.is_file()}
    clock, processor = (statistics.median(column) for column in zip(*times, strict=True))
    pages = sum(path.suffix == ".html" for path in sizes)
    plain = sum(size for path, size in sizes.items() if path.suffix not in ENGINE)
    rows = [
        ("seconds on the clock", f"{clock:.1f}", f"{BAR_SECONDS} where nothing else runs"),
        ("seconds of processor time", f"{processor:.1f}", ""),
        ("pages", pages, ""),
        ("files", len(sizes), ""),
        ("MB without engine and data", f"{plain / 1e6:.1f}", BAR_BYTES // 1_000_000),
        ("MB in all", f"{sum(sizes.values()) / 1e6:.1f}", ""),
    ]
    report.publish(
        "\n\n".join(
            [
                "# Time and size of the report",
                report.conditions(
                    [f"altair {version('altair')}", f"vl-convert {version('vl-convert-python')}"]
                ),
                f"Written by `python -m benchmarks.site`: medians of {options.rounds} rounds, {HOW}",
                report.table(["", "measured", "bar"], rows),
            ]
        ),
        options.output,
    )


if __name__ == "__main__":
    main()
