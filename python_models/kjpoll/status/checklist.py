"""The checklist of a wave, put together."""

from __future__ import annotations

from pathlib import Path

from kjpoll.build.project_paths import ProjectPaths
from kjpoll.common.seed_file import check_seeds
from kjpoll.onboarding.profile import raw_dir
from kjpoll.onboarding.review.faults import unknown
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.survey import Survey

from .build_items import build_items
from .items import Status
from .release_items import release_items
from .sample_items import sample_items


def project_status(root: Path, sample_id: str | None = None, wave: int | None = None) -> Status:
    """Where a sample stands, or all of a wave, by default the last one, of the project in `root`.

    Raises ReviewError where there is no such sample or wave, or none at all, and SeedError.
    """
    check_seeds(root)
    survey = Survey(root)
    by_name = {row["sample_id"]: row for row in survey.samples.rows}
    if not by_name:
        raise ReviewError("survey/samples.csv has no sample; take in the first with kjpoll add-wave")
    if sample_id is not None and sample_id not in by_name:
        raise ReviewError(unknown("sample", sample_id, by_name))
    for row in by_name.values():
        if not row["wave"].isdecimal():
            raise ReviewError(
                f"survey/samples.csv: the wave of {row['sample_id']} is {row['wave']!r}; write a whole number"
            )
    waves = sorted({row["wave"] for row in by_name.values()}, key=int)
    if sample_id is not None:
        names = [sample_id]
    else:
        chosen = waves[-1] if wave is None else str(wave)
        names = [name for name, row in by_name.items() if row["wave"] == chosen]
        if not names:
            raise ReviewError(f"there is no sample of wave {chosen}; the waves are {', '.join(waves)}")
    paths = ProjectPaths.of(root)
    raw_files = {name: raw_dir(root) / by_name[name]["file"] for name in names}
    items = [item for name in names for item in sample_items(root, survey, name)]
    items += [*build_items(paths, names), *release_items(paths, raw_files)]
    return Status(int(by_name[names[0]]["wave"]), tuple(names), tuple(items))
