"""How many of the corruptions that a wave file or a seed can carry does the gate catch?

    python -m benchmarks.mutation --n 600 --seed 1 --jobs 2 --output benchmarks/results/mutation.md
    python -m benchmarks.mutation --seed 1 --only 137
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from benchmarks import report
from benchmarks.mutation.results import page
from benchmarks.mutation.trial import Verdict, kind_of
from benchmarks.mutation.workers import run


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", type=int, nargs="+", help="the corruptions of these numbers, told in full")
    parser.add_argument("--kind", help="the corruptions of the kinds whose name holds this")
    parser.add_argument("--output", type=Path, help="markdown file for the results")
    options = parser.parse_args(arguments)
    numbers = options.only or range(1, options.n + 1)
    if options.kind:
        numbers = [n for n in numbers if options.kind in kind_of(n).name]
    begin = time.perf_counter()

    def tell(verdict: Verdict) -> None:
        print(f"{verdict.number} {verdict.outcome} ({verdict.stage}, {verdict.seconds:.1f} s) {verdict.kind}: "
              f"{verdict.what} -> {', '.join(verdict.rules) or '-'}", flush=True)
        if options.only or verdict.stage == "error":
            print(verdict.message, flush=True)

    verdicts = run(numbers, options.seed, options.jobs, tell)
    if not options.only:
        report.publish(page(verdicts, options.seed, options.jobs, time.perf_counter() - begin), options.output)


if __name__ == "__main__":
    main()
