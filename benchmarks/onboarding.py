"""What the proposals for a new sample are worth: every sample is hidden in turn and proposed from the others.

The weights of the evidence and the scores are fitted on the other waves, with all that is known of the hidden
one's wave hidden there as well. `--write-weights` fits them on all samples and writes what is shipped.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from kjpoll.onboarding.propose import propose
from kjpoll.onboarding.propose.matching import WEIGHTS, Weights, match

from benchmarks.evidence_weights import Case, calibrated, cases_of, fit_weights
from tests.support.hidden_sample import SITUATIONS, hide, judge, project

FORMATS = ("csv", "sav", "dta", "xlsx")


# learning


def learn(sample_ids: Sequence[str], also: frozenset[str] = frozenset()) -> Weights:
    """Weights and scores fitted on these samples, the samples of `also` hidden from all that they rest on."""
    cases: list[Case] = []
    files = []
    for sample_id in sample_ids:
        for name, situation in SITUATIONS.items():
            hidden = hide(sample_id, name, also) if situation.is_learnt else None
            if hidden is None:
                continue
            evidence = hidden.evidence
            asked = project().asked[sample_id]
            columns = {variable.name: variable for variable in hidden.profile.variables}
            blocks = [
                replace(one.block, variables=tuple(columns[v.name] for v in one.block.variables))
                for one in asked
            ]
            fits = [evidence.fits(block) for block in blocks]
            truth = [
                one.target if one.target in of_block else None
                for one, of_block in zip(asked, fits, strict=True)
            ]
            cases += cases_of(evidence, fits, truth)
            files.append((blocks, evidence, fits, truth))
    weights = fit_weights(cases)
    probabilities, right = [], []
    for blocks, evidence, fits, truth in files:
        for matched, target in zip(match(blocks, fits, evidence, weights), truth, strict=True):
            if matched.target is not None:
                probabilities.append(matched.probability)
                right.append(matched.target == target)
    return calibrated(weights, probabilities, right)


def write_weights(weights: Weights, path: Path = WEIGHTS) -> None:
    """Write the seed of weights that the package ships."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["kind", "weight"])
        numbers = {**weights.kinds, "slope": weights.slope, "intercept": weights.intercept}
        writer.writerows([kind, f"{number:.4f}"] for kind, number in numbers.items())


def one_wave(wave: str) -> dict[str, dict[str, tuple[Counter[str], float]]]:
    """Counts and seconds by hidden sample and situation; no sample of the wave is learnt from."""
    own = [sample_id for sample_id, row in project().samples.items() if row["wave"] == wave]
    weights = learn([sample for sample in project().samples if sample not in own], frozenset(own))
    found: dict[str, dict[str, tuple[Counter[str], float]]] = {}
    for sample_id in own:
        found[sample_id] = {}
        for name in SITUATIONS:
            hidden = hide(sample_id, name)
            if hidden:
                started = time.perf_counter()
                proposals = propose(hidden.row, hidden.profile, hidden.history, weights)
                seconds = time.perf_counter() - started
                found[sample_id][name] = judge(hidden, proposals), seconds
    return found


# reporting


def report(results: Mapping[str, Mapping[str, tuple[Counter[str], float]]]) -> str:
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
    with ProcessPoolExecutor(arguments.jobs) as pool:
        results = dict(sorted(one for found in pool.map(one_wave, waves) for one in found.items()))
    text = report(results)
    if arguments.output:
        arguments.output.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
