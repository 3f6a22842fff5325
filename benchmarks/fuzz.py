"""Damage the bytes of the real wave files at random, and see that every reader names what it cannot read.

    python -m benchmarks.fuzz --seconds 600 [--inputs 100] [--format sav] [--seed 1] [--keep build/fuzz] [--record]

Each input has to end as a landed table or as problems with the name of a rule, within a bound of memory and of
processor time. Anything else is a failure, and its input is kept.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import re
import resource
import signal
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kjpoll.landing import Sample
from kjpoll.landing.guard import GuardedReader
from kjpoll.landing.landing_run import LandingRun

CHECKOUT = Path(__file__).resolve().parents[1]
SEEDS = CHECKOUT / "dbt_project" / "seeds"
FORMATS = ("csv", "sav", "dta", "xlsx")
SECONDS = 20
MEMORY = 3 << 30
HEAD = 4096
# A whole sheet takes a second to read; damage finds its way as well through the first rows.
SHEET_ROWS = 40
EXTREMES = (b"\0" * 4, b"\xff" * 4, b"\xff\xff\xff\x7f", b"\0\0\0\x80", b"\0\0\0\x40", b"\1\0\0\0")


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# Mutations: (random, content, content of another file) -> content.


def _place(rng: random.Random, content: bytes) -> int:
    # Headers are short and decide most: half of the damage goes there.
    return rng.randrange(min(len(content), HEAD) if rng.random() < 0.5 else len(content)) if content else 0


def flip(rng: random.Random, content: bytes, _: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        if changed:
            changed[_place(rng, content)] ^= 1 << rng.randrange(8)
    return bytes(changed)


def extreme(rng: random.Random, content: bytes, _: bytes) -> bytes:
    place = _place(rng, content) // 4 * 4
    return content[:place] + rng.choice(EXTREMES) + content[place + 4 :]


def cut(rng: random.Random, content: bytes, _: bytes) -> bytes:
    return content[: _place(rng, content)]


def remove(rng: random.Random, content: bytes, _: bytes) -> bytes:
    place = _place(rng, content)
    return content[:place] + content[place + rng.choice((1, 2, 8, 100, 5000)) :]


def insert(rng: random.Random, content: bytes, _: bytes) -> bytes:
    place = _place(rng, content)
    return content[:place] + rng.randbytes(rng.choice((1, 2, 8, 100, 5000))) + content[place:]


def duplicate(rng: random.Random, content: bytes, _: bytes) -> bytes:
    place = _place(rng, content)
    return (
        content[:place]
        + content[place : place + rng.choice((1, 8, 100, 5000))] * rng.choice((2, 3, 50))
        + content[place:]
    )


def splice(rng: random.Random, content: bytes, other: bytes) -> bytes:
    return content[: _place(rng, content)] + other[_place(rng, other) :]


BYTES = (flip, extreme, cut, remove, insert, duplicate, splice)


def member(rng: random.Random, content: bytes, other: bytes) -> bytes:
    """Damage one member of a zip, so that what is damaged is the XML in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(io.BytesIO(other)) as another:
        names = old.namelist()
        damaged = rng.choice(
            [name for name in names if name.startswith("xl/")] if rng.random() < 0.8 else names
        )
        spliced = another.read(damaged) if damaged in another.namelist() else b""
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name in names:
                part = old.read(name)
                new.writestr(name, rng.choice(BYTES)(rng, part, spliced) if name == damaged else part)
    return out.getvalue()


@dataclass
class Tally:
    """What became of the inputs of one format."""

    inputs: int = 0
    landed: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0


class Fuzzer:
    """Inputs of one format, each read as the sample whose file it was made from."""

    def __init__(self, file_format: str, seed_number: int, keep: Path) -> None:
        self.rng = random.Random(f"{file_format} {seed_number}")
        self.keep = keep
        self.samples = [Sample.from_row(row) for row in seed("survey/samples")]
        self.own = [sample for sample in self.samples if sample.format == file_format]
        self.content = {sample.sample_id: _base(sample) for sample in self.own}
        self.mutations: tuple[Callable[..., bytes], ...] = BYTES
        if file_format == "xlsx":
            self.mutations += (member,) * 2 * len(BYTES)
        self.rules = {row["rule"] for row in seed("quality/rules") if row["stage"] == "file"}
        self.crosswalk: dict[str, set[str]] = {}
        for row in seed("crosswalk/variables"):
            self.crosswalk.setdefault(row["sample_id"], set()).add(row["variable"])
        self.tally = Tally()

    def run(self, seconds: float, most: int | None = None) -> Tally:
        """Fuzz for a time, or until `most` inputs are read."""
        end = time.monotonic() + seconds
        with tempfile.TemporaryDirectory() as folder, GuardedReader() as reader, _bounded():
            while time.monotonic() < end and (most is None or self.tally.inputs < most):
                self._one(Path(folder), reader)
        return self.tally

    def _one(self, folder: Path, reader: GuardedReader) -> None:
        sample, other = self.rng.choice(self.own), self.rng.choice(self.own)
        mutation = self.rng.choice(self.mutations)
        content = mutation(self.rng, self.content[sample.sample_id], self.content[other.sample_id])
        path = folder / "raw" / sample.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        # Now and then the file is also compared with what the other samples should look like.
        samples = self.samples if self.rng.random() < 0.05 else [sample]
        started = time.monotonic()
        self.tally.inputs += 1
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            wave_files, found = LandingRun(
                folder / "raw", folder / "landing", samples, self.crosswalk, reader
            ).land()
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            problems = found[sample.sample_id]
            self.tally.landed += bool(wave_files)
            for problem in problems:
                self.tally.rules[problem.rule] += 1
                if ended := re.search(
                    r"crashed, (?:signal|exit code) \d+|found no end|of memory", problem.what
                ):
                    self.tally.ended[ended[0]] += 1
            unnamed = {problem.rule for problem in problems} - self.rules
            if unnamed or not (wave_files or problems):
                raise AssertionError(f"neither landed nor named: {problems}")
        except Exception as error:  # noqa: BLE001 (any error that has no name is what is looked for)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            self._fail(sample, mutation.__name__, content, error)
        self.tally.slowest = max(self.tally.slowest, time.monotonic() - started)
        path.unlink()
        if (folder / "landing").is_dir():
            for landed in (folder / "landing").iterdir():
                landed.unlink()

    def _fail(self, sample: Sample, mutation: str, content: bytes, error: BaseException) -> None:
        self.keep.mkdir(parents=True, exist_ok=True)
        name = f"{sample.sample_id}-{self.tally.inputs}-{mutation}.{sample.format}"
        (self.keep / name).write_bytes(content)
        self.tally.failures.append(f"{name}: {type(error).__name__}: {error}")


def _base(sample: Sample) -> bytes:
    content = (CHECKOUT / "data" / "raw" / sample.file).read_bytes()
    if sample.format != "xlsx":
        return content
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/"):
                part = re.sub(rb'<row r="%d".*</row>' % SHEET_ROWS, b"", part, flags=re.DOTALL)
            new.writestr(name, part)
    return out.getvalue()


class _bounded:
    """This process under a limit of memory and of processor time for each input; the limits end with the block."""

    def __enter__(self) -> None:
        self.before = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, self.before[1]))
        self.handler = signal.signal(signal.SIGVTALRM, _hang)

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGVTALRM, self.handler)
        resource.setrlimit(resource.RLIMIT_AS, self.before)


def _hang(*_: Any) -> None:
    raise TimeoutError(f"more than {SECONDS} s of processor time")


def report(tallies: dict[str, Tally], seconds: float, seed_number: int) -> str:
    """The tallies as a page."""
    own, children = (
        resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    lines = [
        "# Fuzzing of the readers",
        "",
        f"Made by `python -m benchmarks.fuzz --seconds {seconds:.0f} --seed {seed_number} --record`.",
        "An input is a real wave file with random damage. It has to end as a landed table or as problems with the name",
        "of a rule; a reading process that crashed, found no end or ran out of memory is a named problem too, and counted.",
        "",
        "| format | inputs | landed | refused by | reader ended | slowest, s | failures |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, tally in tallies.items():
        rules = ", ".join(f"{rule} {n}" for rule, n in tally.rules.most_common())
        ended = ", ".join(f"{how} {n}" for how, n in tally.ended.most_common()) or "never"
        lines.append(
            f"| {name} | {tally.inputs} | {tally.landed} | {rules} | {ended} | {tally.slowest:.1f} | {len(tally.failures)} |"
        )
    lines += ["", f"Peak memory: {own} MB in the fuzzing process, {children} MB in a reading process.", ""]
    return "\n".join(lines + [f"- {failure}" for tally in tallies.values() for failure in tally.failures])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=600, help="for each format")
    parser.add_argument(
        "--inputs", type=int, help="for each format at most; as many as the time allows if not given"
    )
    parser.add_argument("--format", choices=FORMATS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=CHECKOUT / "build" / "fuzz")
    parser.add_argument("--record", action="store_true", help="write benchmarks/results/fuzz.md")
    arguments = parser.parse_args()
    tallies = {
        name: Fuzzer(name, arguments.seed, arguments.keep).run(arguments.seconds, arguments.inputs)
        for name in ([arguments.format] if arguments.format else FORMATS)
    }
    page = report(tallies, arguments.seconds, arguments.seed)
    print(page)
    if arguments.record:
        (CHECKOUT / "benchmarks" / "results" / "fuzz.md").write_text(page + "\n", encoding="utf-8")
    raise SystemExit(any(tally.failures for tally in tallies.values()))


if __name__ == "__main__":
    main()
