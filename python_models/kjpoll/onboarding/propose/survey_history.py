"""What is known from the samples that a person has read already: the seeds and the records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kjpoll.common.properties import seed_properties
from kjpoll.common.seed_file import read_seed
from kjpoll.onboarding.profile import FileProfile, profiles_of_project

from .asked import Asked, Target, asked_in

Row = Mapping[str, str]
SEEDS = (
    "samples",
    "questions",
    "categories",
    "variables",
    "code_lists",
    "missing_codes",
    "synonyms",
    "wordings",
)


@dataclass(frozen=True)
class History:
    """Rows of the seeds by seed, and the profiles of the files by sample_id."""

    seeds: Mapping[str, Sequence[Row]]
    profiles: Mapping[str, FileProfile] = field(repr=False)

    @classmethod
    def of_project(cls, root: Path, without: frozenset[str] = frozenset()) -> History:
        """The history of the project in `root`, as if the samples of `without` did not exist."""
        folder = root / "dbt_project" / "seeds"
        properties = seed_properties()
        seeds = {name: read_seed(folder / properties[name].folder / f"{name}.csv") for name in SEEDS}
        return cls(seeds, profiles_of_project(root)).without(without)

    def without(self, sample_ids: Iterable[str]) -> History:
        """The same without these samples and their wordings, and without the code lists, questions and category sets that
        only they use."""
        hidden = frozenset(sample_ids)
        if not hidden:
            return self
        gone = [row for row in self.seeds["variables"] if row["sample_id"] in hidden]
        shown = [row for row in self.seeds["variables"] if row["sample_id"] not in hidden]
        questions = _only(gone, shown, "question_id")
        code_lists = _only(gone, shown, "code_list")
        lost = [row for row in self.seeds["questions"] if row["question_id"] in questions]
        left = [row for row in self.seeds["questions"] if row["question_id"] not in questions]
        sets = _only(lost, left, "category_set")
        seeds = {
            **self.seeds,
            "samples": [row for row in self.seeds["samples"] if row["sample_id"] not in hidden],
            "variables": shown,
            "wordings": [row for row in self.seeds.get("wordings", ()) if row["sample_id"] not in hidden],
            "questions": left,
            "categories": [row for row in self.seeds["categories"] if row["category_set"] not in sets],
            "code_lists": [row for row in self.seeds["code_lists"] if row["code_list"] not in code_lists],
        }
        return History(
            seeds, {name: profile for name, profile in self.profiles.items() if name not in hidden}
        )

    @cached_property
    def samples(self) -> dict[str, Row]:
        """Rows of the samples that have a profile."""
        return {row["sample_id"]: row for row in self.seeds["samples"] if row["sample_id"] in self.profiles}

    @cached_property
    def questions(self) -> dict[str, Row]:
        return {row["question_id"]: row for row in self.seeds["questions"]}

    @cached_property
    def categories(self) -> dict[str, dict[str, Row]]:
        """category_set -> category_id -> row, in the order of the seed."""
        categories: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in self.seeds["categories"]:
            categories[row["category_set"]][row["category_id"]] = row
        return dict(categories)

    def categories_of(self, question_id: str) -> dict[str, Row]:
        """The categories that a code of the question may mean, the reserved ones last."""
        of_set = self.categories.get(self.questions[question_id]["category_set"], {})
        return {**self.categories.get("reserved", {}), **of_set}

    @cached_property
    def code_lists(self) -> dict[str, dict[str, str]]:
        """code_list -> code -> category_id."""
        code_lists: dict[str, dict[str, str]] = defaultdict(dict)
        for row in self.seeds["code_lists"]:
            code_lists[row["code_list"]][row["code"]] = row["category_id"]
        return dict(code_lists)

    @cached_property
    def missing_codes(self) -> frozenset[str]:
        """Codes that usually mean a missing answer."""
        return frozenset(row["code"] for row in self.seeds["missing_codes"])

    @cached_property
    def asked(self) -> dict[str, list[Asked]]:
        """sample_id -> what its file holds, in the order of the file."""
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in self.seeds["variables"]:
            rows[row["sample_id"]].append(row)
        categories = {question_id: self.categories_of(question_id) for question_id in self.questions}
        return {
            sample_id: asked_in(
                sample, self.profiles[sample_id], rows[sample_id], categories, self.code_lists
            )
            for sample_id, sample in self.samples.items()
        }

    @cached_property
    def targets(self) -> dict[Target, list[Asked]]:
        """Everything that a column can be, with where it was before; questions never asked included."""
        targets: dict[Target, list[Asked]] = {
            Target("answer", question_id): [] for question_id in self.questions
        }
        for asked in self.asked.values():
            for asking in asked:
                targets.setdefault(asking.target, []).append(asking)
        return targets

    @cached_property
    def lists_of_set(self) -> dict[str, list[str]]:
        """category_set -> the code lists that its questions use, the most used first."""
        used: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for asked in self.asked.values():
            for asking in asked:
                if asking.target.question_id and asking.code_list:
                    used[self.questions[asking.target.question_id]["category_set"]][asking.code_list] += 1
        return {
            name: sorted(lists, key=lambda code_list: (-lists[code_list], code_list))
            for name, lists in used.items()
        }


def _only(gone: Iterable[Row], left: Iterable[Row], column: str) -> set[str]:
    """The values of a column that stand in `gone` and not in `left`."""
    return {row[column] for row in gone} - {row[column] for row in left} - {""}
