"""The row of the samples seed for a new file."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from kjpoll.common.seed_cells import like
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
    """The proposed row: the `cells` that the file itself tells, what is taken over from the nearest wave of the series, and over
    both what a person set. n_expected is empty unless set; of a country's first sample all that only the agency knows is.

    Raises ReviewError where survey/countries.csv has not got the country, or where it has several series and none is set.
    """
    check_country(survey, country)
    nearest = _nearest_of(survey, wave, country, settings.get("series"))
    taken = {name: nearest[name] for name in TAKEN_OVER if name not in settings} if nearest else {}
    notes = [] if "n_expected" in settings else ["n_expected is the number of records in the file"]
    if nearest and taken:
        notes.append(f"{', '.join(taken)} taken over from {nearest['sample_id']}")
    is_usual = sample_id == f"{country}-{wave}"
    row = {
        **dict.fromkeys(survey.samples.header, ""),
        **cells,
        **taken,
        "series": nearest["series"] if nearest else country,
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


def check_country(survey: Survey, country: str) -> None:
    """Raises ReviewError for a country that survey/countries.csv has not got, with the row that it needs there."""
    countries = survey.rows_of_seed("countries")
    known = [row["country"] for row in countries]
    if country not in known:
        cells = {"country": country, "country_order": str(len(known) + 1), survey.label: f"<{survey.label}>"}
        header = countries[0] if countries else cells
        line = ",".join(cells.get(name, "") for name in header)
        raise ReviewError(
            f"survey/countries.csv has the countries {', '.join(known)}, and not {country}{like(country, known)}; where it is a new "
            f"one, add its row there first: {line}"
        )


def _nearest_of(survey: Survey, wave: int, country: str, series: str | None) -> Row | None:
    """The last sample of the series before the wave, else the first one after it; of the country's, where the series is new or
    not said. None for the country's first sample."""
    of_country = [row for row in survey.samples.rows if row["country"] == country]
    names = sorted({row["series"] for row in of_country})
    if series is None and len(names) > 1:
        raise ReviewError(
            f"{country} has the series {', '.join(names)}; say which the sample continues with --set series={names[0]}"
        )
    of_series = [row for row in of_country if row["series"] == series] or of_country
    earlier = [row for row in of_series if int(row["wave"]) < wave]
    if earlier:
        return max(earlier, key=lambda row: int(row["wave"]))
    return min(of_series, key=lambda row: int(row["wave"]), default=None)


def reading_of(row: Row) -> Sample:
    """How the row of samples says that its file is read. Raises ReviewError for a cell that cannot be used."""
    try:
        # The number of records is not known before the file is read.
        return Sample.from_row({**row, "n_expected": row["n_expected"] or "1"})
    except ReadProblem as problem:
        raise ReviewError(f"{row['sample_id']}: {problem.what}. {problem.fix}") from problem
