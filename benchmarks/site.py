"""How long does the report take, and how large is it?

    python -m benchmarks.site --output benchmarks/results/site.md

Makes the site of a released warehouse a few times, each in a fresh process, and weighs what is written. Then opens
its pages in a Chromium that was started for it, where there is one.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from importlib.metadata import version
from pathlib import Path

from kjpoll.cli.report import server

from tests.support.browsing import Browser, programs

from . import report

ROUNDS = 3
BAR_SECONDS, BAR_MB, BAR_MB_WITH_ENGINE = 20, 5, 45
BAR_FIRST_PAGE = 1.0
CROSSTAB = "explorer/index.html#q=impression_of_counterpart&by=age_group&wave=2023"
# What is opened, and what has to be there before it counts as complete.
OPENED = (
    (
        "overview",
        "index.html",
        "[...document.querySelectorAll('.chart')].every((chart) => chart.dataset.interactive)",
    ),
    (
        "figure 3",
        "figures/figure-03.html",
        "[...document.querySelectorAll('.chart')].every((chart) => chart.dataset.interactive)",
    ),
    ("codebook, search", "codebook/index.html", "!document.getElementById('search').hidden"),
    ("explorer, topline", "explorer/index.html", "document.querySelector('#topline td[data-n]')"),
    ("explorer, first crosstab", CROSSTAB, "document.querySelector('#crosstab td[data-pct]')"),
)
SEEN = (
    "const paint = performance.getEntriesByName('first-contentful-paint')[0]; return paint && ({condition}) ? "
    "[paint.startTime / 1000, performance.now() / 1000] : null"
)
POLL_SECONDS, PATIENCE_SECONDS = 0.01, 60
HOW = "each in a fresh process, imports included. Other load adds to the clock, not to the processor's time."
ONE = """
import json, resource, sys, time
begin = time.perf_counter()
from pathlib import Path
from kjpoll.report import build_site
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


def opening(origin: str, page: str, condition: str) -> tuple[float, float]:
    """Seconds from the address to the first paint and until `condition` holds, in a browser that knows nothing yet."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(*programs(), Path(profile))
        try:
            browser.resize(1280, 1000)
            browser.driver.get(f"{origin}/{page}")
            deadline = time.monotonic() + PATIENCE_SECONDS
            while (seen := browser.run(SEEN.format(condition=condition))) is None:
                if time.monotonic() > deadline:
                    raise SystemExit(f"{page}: not complete after {PATIENCE_SECONDS} s: {browser.console()}")
                time.sleep(POLL_SECONDS)
            return tuple(seen)
        finally:
            browser.quit()


def openings(site: Path, rounds: int) -> list[tuple[str, str, str, str]]:
    """A row per page: its name, medians of the first paint and of its completion, and its bar."""
    with server(site, 0) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        rows = []
        for name, page, condition in OPENED:
            found = [
                opening(f"http://127.0.0.1:{serving.server_port}", page, condition) for _ in range(rounds)
            ]
            paint, complete = (statistics.median(column) for column in zip(*found, strict=True))
            rows.append(
                (
                    name,
                    f"{paint:.2f}",
                    f"{complete:.2f}",
                    f"{BAR_FIRST_PAGE:g}" if page == "index.html" else "",
                )
            )
        serving.shutdown()
    return rows


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--warehouse", type=Path, default=Path("warehouse.duckdb"))
    parser.add_argument(
        "--engine", type=Path, default=Path("build/engine/dist"), help="made by `make engine`"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--output", type=Path, help="markdown file for the results")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        times = [one(options.warehouse, site) for _ in range(options.rounds)]
        plain = sizes(site)
        with_engine = [one(options.warehouse, site, options.engine) for _ in range(options.rounds)]
        whole = sizes(site)
        opened = openings(site, options.rounds) if programs() else []
    clock, processor = (statistics.median(column) for column in zip(*times, strict=True))
    whole_clock, whole_processor = (statistics.median(column) for column in zip(*with_engine, strict=True))
    pages = sum(path.suffix == ".html" for path in plain)
    rows = [
        (
            "seconds on the clock",
            f"{clock:.1f}",
            f"{whole_clock:.1f}",
            f"{BAR_SECONDS} where nothing else runs",
        ),
        ("seconds of processor time", f"{processor:.1f}", f"{whole_processor:.1f}", ""),
        ("pages", pages, pages, ""),
        ("files", len(plain), len(whole), ""),
        (
            "MB",
            f"{sum(plain.values()) / 1e6:.2f}",
            f"{sum(whole.values()) / 1e6:.2f}",
            f"{BAR_MB} without the database, {BAR_MB_WITH_ENGINE} with it",
        ),
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
                (
                    "Seconds from the address to the first paint, and until all of the page works (charts, search, answers), "
                    "each in a Chromium that was just started, from a server on the same machine:"
                ),
                report.table(["page", "first paint", "complete", "bar"], opened)
                if opened
                else "No Chromium was found.",
            ]
        ),
        options.output,
    )


if __name__ == "__main__":
    main()
