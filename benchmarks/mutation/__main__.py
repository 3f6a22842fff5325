"""How many of the corruptions that a wave file or a seed can carry does the gate catch?

    python -m benchmarks.mutation --blind --n 870 --seed 1 --jobs 2 --output benchmarks/results/mutation.md
    python -m benchmarks.mutation --n 600 --seed 1 --jobs 2 --output benchmarks/results/mutation_beside_the_rules.md
    python -m benchmarks.mutation --blind --seed 1 --only 137

The kinds written blind, by somebody who had not read the rules, and those written beside the rules are counted apart.

With `--keep build/mutation.jsonl` a run that was interrupted goes on where it was, if nothing was committed since.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from benchmarks import report
from benchmarks.mutation.results import commit, page
from benchmarks.mutation.trial import Verdict, kind_of
from benchmarks.mutation.workers import run


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--only", type=int, nargs="+", help="the corruptions of these numbers, reported in full"
    )
    parser.add_argument("--blind", action="store_true", help="the kinds that were written blind")
    parser.add_argument("--kind", help="the corruptions of the kinds whose name holds this")
    parser.add_argument("--keep", type=Path, help="a file of verdicts to be added to and gone on from")
    parser.add_argument("--output", type=Path, help="markdown file for the results")
    options = parser.parse_args(arguments)
    numbers = options.only or range(1, options.n + 1)
    if options.kind:
        numbers = [n for n in numbers if options.kind in kind_of(n, options.blind).name]
    mark = {"commit": commit(), "seed": options.seed, "blind": options.blind}
    known = [verdict for verdict in _kept(options.keep, mark) if verdict.number in set(numbers)]

    def tell(verdict: Verdict) -> None:
        if options.keep:
            with options.keep.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(mark | asdict(verdict), ensure_ascii=False) + "\n")
        print(
            f"{verdict.number} {verdict.outcome} ({verdict.stage}, {verdict.seconds:.1f} s) {verdict.kind}: "
            f"{verdict.what} -> {', '.join(verdict.rules) or '-'}",
            flush=True,
        )
        if options.only or verdict.stage == "error":
            print(verdict.message, flush=True)

    left = sorted(set(numbers) - {verdict.number for verdict in known})
    new = run(left, options.seed, options.jobs, tell, options.blind) if left else []
    verdicts = sorted(known + new, key=lambda verdict: verdict.number)
    if not options.only:
        report.publish(page(verdicts, options.seed, options.blind), options.output)


def _kept(path: Path | None, mark: dict) -> list[Verdict]:
    """The verdicts of the same commit and seed."""
    if path is None or not path.exists():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    cells = [
        {name: cell for name, cell in row.items() if name not in mark}
        for row in rows
        if mark.items() <= row.items()
    ]
    return [Verdict(**row | {"rules": tuple(row["rules"])}) for row in cells]


if __name__ == "__main__":
    main()
