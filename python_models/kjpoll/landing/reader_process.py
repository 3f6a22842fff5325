"""The process that reads wave files: what crashes it or fills its memory harms no build.

It takes one request per line of its input and gives one answer per line of its output, both JSON.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kjpoll.common.unix import resource
from kjpoll.landing import store
from kjpoll.landing.landing_sample import Sample
from kjpoll.landing.limits import (
    READER_BYTES_PER_SECOND,
    READER_MEMORY,
    READER_SECONDS,
)
from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.raw_directory import RawFile
from kjpoll.landing.reading import encoding_that_reads, read
from kjpoll.landing.worksheet import sheet_outlines


def main() -> None:
    # The libraries may print: their words must not mix with the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _limit(resource.RLIMIT_AS, READER_MEMORY)
    _limit(resource.RLIMIT_CORE, 0)
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), file=answers, flush=True)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    path = Path(request["path"])
    sample = Sample(**request["sample"]) if request["sample"] else None
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = READER_SECONDS + path.stat().st_size / READER_BYTES_PER_SECOND
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + allowed) + 1)
    try:
        if sample is None:
            return {"outlines": [asdict(outline) for outline in sheet_outlines(path)]}
        table = read(path, sample, request.get("expected", ()))
        if request["landing_dir"] is None:
            return {"names": [variable.name for variable in table.variables]}
        raw_file = RawFile(path, request["sha256"], request["stamp"][1], tuple(request["stamp"]))
        landing_dir = Path(request["landing_dir"])
        store.write(table, landing_dir, sample, raw_file.sha256, raw_file.check_unchanged)
    except ReadProblem as problem:
        # Of a csv the reader has reported already which encoding fits.
        if (
            sample
            and sample.format != "csv"
            and problem.rule == "broken_bytes"
            and (fits := encoding_that_reads(path, sample))
        ):
            problem = _wrong_encoding(sample, fits)
        return {"problem": vars(problem)}
    except MemoryError:
        kind = sample.format if sample else "xlsx"
        what = f"cannot be read as {kind} (it needs more than {READER_MEMORY} bytes of memory)"
        return {"problem": vars(ReadProblem("unreadable_file", what, "Ask for the file again"))}
    except OSError as error:
        return {"os_error": str(error)}
    return {}


def _wrong_encoding(sample: Sample, fits: str) -> ReadProblem:
    fitting = "the encoding that the file itself names" if fits == "none" else fits
    declared = sample.encoding or "the encoding that the file itself names"
    fix = "Leave encoding empty" if fits == "none" else f"Set encoding to {fits}"
    return ReadProblem(
        "wrong_encoding",
        f"its text is in {fitting}, not in {declared}",
        f"{fix} in the samples seed",
    )


def _limit(which: int, value: int) -> None:
    # Not every system knows every limit; a crash is caught without them all the same.
    with suppress(ValueError, OSError):
        resource.setrlimit(which, (value, resource.getrlimit(which)[1]))


if __name__ == "__main__":
    main()
