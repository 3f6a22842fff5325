"""The row of the samples seed for a new file, and the sidecar that goes beside it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path

from kjpoll.common.file_hash import file_hash
from kjpoll.landing import Sample
from kjpoll.landing.problems import ReadProblem
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.survey import Row, Survey

# What a survey institute does not change from one wave to the next without saying so.
TAKEN_OVER = ("mode", "agency", "population", "design_effect")
# Follow from the file and the order, or are for a person to say at the review.
FIXED = ("sample_id", "wave", "country", "file", "review")


def check_settings(survey: Survey, settings: Mapping[str, str]) -> None:
    """Raises ReviewError for a setting that is no column of the samples seed, or none that can be set."""
    can = [column for column in survey.samples.header if column not in FIXED]
    for name, value in settings.items():
        if name not in can:
            raise ReviewError(f"--set {name}={value}: there is no {name} to set; there are {', '.join(can)}")
    for name in ("fieldwork_start", "fieldwork_end"):
        try:
            datetime.date.fromisoformat(settings.get(name) or datetime.date.min.isoformat())
        except ValueError:
            raise ReviewError(f"--set {name}={settings[name]}: write the day as YYYY-MM-DD") from None
    for name, are in (("synthetic", ("true", "false")), ("source_id", survey.sources)):
        if settings.get(name) and settings[name] not in are:
            what = (
                "write true or false"
                if name == "synthetic"
                else ("no row of published/sources.csv has it; add the row first")
            )
            raise ReviewError(f"--set {name}={settings[name]}: {what}")


def sample_row(
    survey: Survey,
    sample_id: str,
    wave: int,
    country: str,
    cells: Mapping[str, str],
    settings: Mapping[str, str],
) -> Row:
    """The proposed row: the `cells` that the file itself tells, what is taken over from the last wave of the series, and over
    both what a person set. n_expected is empty unless set.

    Raises ReviewError where no earlier wave has the country, or where it has several series and none is set.
    """
    last = _last_of(survey, wave, country, settings.get("series"))
    taken = {name: last[name] for name in TAKEN_OVER if name not in settings}
    notes = [] if "n_expected" in settings else ["n_expected is the number of records in the file"]
    if taken:
        notes.append(f"{', '.join(taken)} taken over from {last['sample_id']}")
    is_usual = sample_id == f"{country}-{wave}"
    row = {
        **dict.fromkeys(survey.samples.header, ""),
        **cells,
        **taken,
        "series": last["series"],
        "synthetic": "false",
        "note": "; ".join(notes),
        **settings,
        "sample_id": sample_id,
        "wave": str(wave),
        "country": country,
        "file": f"{wave}/{country if is_usual else sample_id}.{cells['format']}",
        "review": "proposed",
    }
    taken_by = [survey.samples.rows[at] for at in survey.samples.find(series=row["series"], wave=row["wave"])]
    if taken_by:
        raise ReviewError(
            f"the series {row['series']} has a sample in wave {wave} already, {taken_by[0]['sample_id']}; a second sample of the wave "
            f"needs a series of its own: add --set series={country}-web, or what its samples shall be joined by"
        )
    return row


def _last_of(survey: Survey, wave: int, country: str, series: str | None) -> Row:
    """The last sample of the series before the wave; of the country's, where the series is new or not said."""
    earlier = [row for row in survey.samples.rows if row["country"] == country and int(row["wave"]) < wave]
    if not earlier:
        known = sorted({row["country"] for row in survey.samples.rows})
        raise ReviewError(
            f"there is no wave of {country} before {wave}; the countries are {', '.join(known)}"
        )
    names = sorted({row["series"] for row in earlier})
    if series is None and len(names) > 1:
        raise ReviewError(
            f"{country} has the series {', '.join(names)}; say which the sample continues with --set series={names[0]}"
        )
    of_series = [row for row in earlier if row["series"] == series] or earlier
    return max(of_series, key=lambda row: int(row["wave"]))


def reading_of(row: Row) -> Sample:
    """How the row of samples says that its file is read. Raises ReviewError for a cell that cannot be used."""
    try:
        # The number of records is not known before the file is read.
        return Sample.from_row({**row, "n_expected": row["n_expected"] or "1"})
    except ReadProblem as problem:
        raise ReviewError(f"{row['sample_id']}: {problem.what}. {problem.fix}") from problem


def sidecar(row: Row, source: Path, today: datetime.date) -> bytes:
    """What the sidecar of a file says. `row`: of the samples seed; `source`: the file as delivered."""
    content = {
        "bytes": source.stat().st_size,
        "country": row["country"],
        "delivered_as": source.name,
        "file": Path(row["file"]).name,
        "licence": "not stated",
        "n": int(row["n_expected"]),
        "origin": "agency",
        "received": today.isoformat(),
        "sample_id": row["sample_id"],
        "sha256": file_hash(source),
        "synthetic": row["synthetic"] == "true",
        "wave": int(row["wave"]),
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
