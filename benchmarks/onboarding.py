"""What the proposals for a new sample are worth: every sample is hidden in turn and proposed from the others.

The weights of the evidence and the scores are fitted on every second wave and tried on the others. The hard waves are in
words that nothing is fitted on. `--write-weights` fits them on all samples and writes what is shipped.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from kjpoll.onboarding.propose import propose
from kjpoll.onboarding.propose.matching import Weights

from benchmarks.evidence_weights import learn, write_weights
from tests.support.hard_wave import HARD_KINDS, VERY_SURE, counted, hard_wave, judge_hard
from tests.support.hidden_sample import SITUATIONS, SURE, hide, judge, project

FORMATS = ("csv", "sav", "dta", "xlsx")


def one_sample(
    sample_id: str, weights: Weights
) -> tuple[str, dict[str, tuple[Counter[str], float]], dict[str, Counter[str]]]:
    """Counts and seconds by situation, and counts by kind of hard wave, of a sample that is hidden."""
    found, hard = {}, {}
    for name in SITUATIONS:
        if hidden := hide(sample_id, name):
            started = time.perf_counter()
            proposals = propose(hidden.row, hidden.profile, hidden.history, weights)
            found[name] = judge(hidden, proposals), time.perf_counter() - started
    for kind in HARD_KINDS if hide(sample_id, "earlier") else ():
        wave = hard_wave(sample_id, kind)
        proposals = propose(wave.hidden.row, wave.profile, wave.hidden.history, weights)
        hard[kind] = counted(judge_hard(wave, proposals))
    return sample_id, found, hard


# reporting


def report(
    results: Mapping[str, Mapping[str, tuple[Counter[str], float]]],
    hard: Mapping[str, Mapping[str, Counter[str]]],
) -> str:
    """The tables of the results file."""
    samples = project().samples
    lines = [
        "# Proposals for a hidden sample",
        "",
        f"Written by `python -m benchmarks.onboarding`: {len(results)} samples, each hidden in turn. "
        + "What is counted: [README](../README.md#onboarding).",
    ]
    lines += ["", "## By format, proposed from all other samples", "", *_heading("format")]
    for form in FORMATS:
        own = [one["others"][0] for sample_id, one in results.items() if samples[sample_id]["format"] == form]
        lines.append(_line(form, sum(own, Counter())))
    lines.append(_line("all", sum((result["others"][0] for result in results.values()), Counter())))
    lines += ["", "## With less to propose from", "", *_heading("from")]
    for name, situation in SITUATIONS.items():
        own = [result[name][0] for result in results.values() if name in result]
        lines.append(_line(f"{situation.words} ({len(own)} samples)", sum(own, Counter())))
    lines += [
        "",
        "## Hard waves, proposed from earlier waves",
        "",
        f"| labels | columns | right | known | proposed | {SURE} and more | right of these | wrong above {VERY_SURE} |",
        "|---" * 8 + "|",
    ]
    for kind, words in HARD_KINDS.items():
        own_hard = [of_sample[kind] for of_sample in hard.values() if kind in of_sample]
        c = sum(own_hard, Counter())
        cells = [
            f"{words} ({len(own_hard)} samples)",
            c["columns"],
            _share(c["right"], c["columns"]),
            c["known"],
            _share(c["proposed"], c["known"]),
            c["sure"],
            _share(c["sure right"], c["sure"]),
            c["very sure"] - c["very sure right"],
        ]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    lines += [
        "",
        "## Code lists by relation, proposed from all other samples",
        "",
        "| relation | columns | right |",
        "|---|---|---|",
    ]
    total = sum((result["others"][0] for result in results.values()), Counter())
    for relation in ("known", "reversed", "shifted", "new"):
        n = total[f"codes {relation}"]
        lines.append(f"| {relation} | {n} | {_share(total[f'codes {relation} right'], n)} |")
    lines += ["", "## By sample, proposed from all other samples", "", *_heading("sample")]
    lines += [_line(sample_id, one["others"][0]) for sample_id, one in results.items()]
    slowest = max(seconds for result in results.values() for _, seconds in result.values())
    lines += ["", f"The slowest proposal took {slowest:.1f} s, the history read."]
    return "\n".join(lines) + "\n"


def _heading(first: str) -> list[str]:
    names = (
        first,
        "columns",
        "right",
        "sure",
        "sure right",
        "precision",
        "recall",
        "new",
        "left open",
        "code lists",
        "right",
        "sure",
        "sure right",
    )
    return ["| " + " | ".join(names) + " |", "|---" * len(names) + "|"]


def _line(name: str, c: Counter[str]) -> str:
    cells = [
        name,
        c["columns"],
        _share(c["right"], c["columns"]),
        c["sure"],
        _share(c["sure right"], c["sure"]),
        _share(c["proposed right"], c["proposed"]),
        _share(c["known right"], c["known"]),
        c["new"],
        c["new left open"],
        c["codes"],
        _share(c["codes right"], c["codes"]),
        c["codes sure"],
        _share(c["codes sure right"], c["codes sure"]),
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "-"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, help="write the tables here instead of to the terminal")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write-weights", action="store_true", help="fit and write the shipped weights only")
    arguments = parser.parse_args()
    if arguments.write_weights:
        write_weights(learn(list(project().samples)))
        return
    waves = sorted({row["wave"] for row in project().samples.values()})
    halves = [
        [sample_id for sample_id, row in project().samples.items() if row["wave"] in half]
        for half in (waves[::2], waves[1::2])
    ]
    with ProcessPoolExecutor(arguments.jobs) as pool:
        # Each half with the weights of the other.
        weights = list(pool.map(learn, reversed(halves)))
        tried = [
            pool.submit(one_sample, sample_id, fitted)
            for half, fitted in zip(halves, weights, strict=True)
            for sample_id in half
        ]
        results = sorted(one.result() for one in tried)
    text = report(
        {sample_id: found for sample_id, found, _ in results},
        {sample_id: hard for sample_id, _, hard in results},
    )
    if arguments.output:
        arguments.output.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
