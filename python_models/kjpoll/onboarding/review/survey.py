"""The seeds that the review reads and writes, and what their rows say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from kjpoll.common.languages import first_label
from kjpoll.common.properties import seed_properties
from kjpoll.common.seed_file import SeedFile, read_seed
from kjpoll.onboarding.layouts import MULTIPLE
from kjpoll.onboarding.review.transaction import FileChange

Row = Mapping[str, str]


def group_of(row: Row) -> str:
    """What is looked at together: the columns of a question, those of a multiple one that nobody knows yet, or a column."""
    if row["question_id"]:
        return row["question_id"]
    if row["layout"] in MULTIPLE and row["question_number"]:
        return f"\0{row['layout']} {row['question_number']}"
    return f"\0{row['variable']}"


class Survey:
    """The seeds of a project. Rows are changed in `samples`, `waves`, `variables`, `code_lists` and `wordings`, those of questions and
    categories by `put`, and are written by nobody here: `changes` gives what a transaction has to write. `label`: the column
    of labels in the first language."""

    def __init__(self, root: Path) -> None:
        """Raises SeedError for a seed that cannot be read."""
        folder = root / "dbt_project" / "seeds"
        self.label = first_label(folder)
        self.samples = SeedFile(folder / "survey" / "samples.csv")
        self.waves = SeedFile(folder / "survey" / "waves.csv")
        self.variables = SeedFile(folder / "crosswalk" / "variables.csv")
        self.code_lists = SeedFile(folder / "crosswalk" / "code_lists.csv")
        self.wordings = SeedFile(folder / "survey" / "wordings.csv")
        self._question_rows = SeedFile(folder / "survey" / "questions.csv")
        self._category_rows = SeedFile(folder / "survey" / "categories.csv")
        self.universes = {row["universe"]: row for row in read_seed(folder / "survey" / "universes.csv")}
        self.sources = {row["source_id"] for row in read_seed(folder / "published" / "sources.csv")}
        self._folder = folder
        self._others: dict[str, list[dict[str, str]]] = {}
        self._index()

    def _index(self) -> None:
        self.questions: dict[str, Row] = {row["question_id"]: row for row in self._question_rows.rows}
        self._categories: dict[str, dict[str, Row]] = {}
        for row in self._category_rows.rows:
            self._categories.setdefault(row["category_set"], {})[row["category_id"]] = row

    def changes(self) -> list[FileChange]:
        """The row of the sample comes last: without it nothing reads the others."""
        seeds = self._seeds().values()
        return [FileChange(seed.path, seed.content(), seed.before) for seed in seeds if seed.is_changed]

    def _seeds(self) -> dict[str, SeedFile]:
        return {
            "categories": self._category_rows,
            "questions": self._question_rows,
            "code_lists": self.code_lists,
            "variables": self.variables,
            "wordings": self.wordings,
            "waves": self.waves,
            "samples": self.samples,
        }

    def rows_of_seed(self, name: str) -> Sequence[Row]:
        """The rows of any seed, those that can be changed as they are now. Raises SeedError for one that cannot be read."""
        seeds = self._seeds()
        if name in seeds:
            return seeds[name].rows
        if name not in self._others:
            self._others[name] = read_seed(self._folder / seed_properties()[name].folder / f"{name}.csv")
        return self._others[name]

    def header(self, name: str) -> list[str]:
        """The columns of a seed that can be changed, labels among them."""
        return self._seeds()[name].header

    def put(self, name: str, row: Row, key: Row | None = None) -> None:
        """Put a row of a question or a category where that of `key` stands; without `key` after the last of its category set,
        or in the order of the seed. Columns that the row does not name stay empty."""
        seed = self._seeds()[name]
        if key is not None:
            seed.replace(seed.find(**key)[0], row)
        else:
            group = seed_properties()[name].key[0]
            beside = seed.find(**{group: row[group]})
            seed.insert(beside[-1] + 1 if beside else seed.position_of(group, row[group]), row)
        self._index()

    def add_wave(self, wave: int) -> None:
        """A row for a wave that has none, labelled by its number in the first language. Its year is the wave where that is
        so of all waves there are; else empty."""
        if not self.waves.find(wave=str(wave)):
            is_year = all(row["wave"] == row["year"] for row in self.waves.rows)
            place = sum(int(row["wave"]) < wave for row in self.waves.rows)
            self.waves.insert(
                place, {"wave": str(wave), "year": str(wave) if is_year else "", self.label: str(wave)}
            )

    def date_wave(self, sample: Row) -> None:
        """Give the wave of the sample the year in which its fieldwork began, where it has none and that is known."""
        for position in self.waves.find(wave=sample["wave"], year=""):
            self.waves.replace(position, {**self.waves.rows[position], "year": sample["fieldwork_start"][:4]})

    def year_of(self, sample_id: str) -> int | None:
        """The year in which its respondents were asked; None where no row says it."""
        sample = self.sample(sample_id)
        rows = [self.waves.rows[position] for position in self.waves.find(wave=sample["wave"])]
        year = sample["year"] or (rows[0]["year"] if rows else "")
        return int(year) if year.isdecimal() else None

    def questions_of(self, sample_id: str) -> dict[str, list[Row]]:
        """question_id -> the rows of its columns in a sample, in the order of the file; without open rows."""
        rows_by_question: dict[str, list[Row]] = {}
        for row in self.rows_of(sample_id):
            if row["role"] == "answer" and row["question_id"] in self.questions and row["layout"]:
                rows_by_question.setdefault(row["question_id"], []).append(row)
        return rows_by_question

    def has_sample(self, sample_id: str) -> bool:
        return any(True for _ in self.samples.find(sample_id=sample_id))

    def sample(self, sample_id: str) -> Row:
        """The row of a sample that there is."""
        return next(self.samples.rows[position] for position in self.samples.find(sample_id=sample_id))

    def rows_of(self, sample_id: str) -> list[Row]:
        """The rows of variables of a sample, in the order of the file's columns."""
        return [self.variables.rows[position] for position in self.variables.find(sample_id=sample_id)]

    def codes_of(self, code_list: str) -> dict[str, str]:
        """code -> category_id of a code list; empty for a list that there is not."""
        positions = self.code_lists.find(code_list=code_list) if code_list else []
        return {
            self.code_lists.rows[position]["code"]: self.code_lists.rows[position]["category_id"]
            for position in positions
        }

    def categories_of(self, question_id: str) -> dict[str, Row]:
        """category_id -> row of all that an answer to the question may mean, in the order of its set."""
        of_set = self.own_categories_of(question_id)
        return {
            **of_set,
            **{name: row for name, row in self._categories.get("reserved", {}).items() if name not in of_set},
        }

    def own_categories_of(self, question_id: str) -> dict[str, Row]:
        """The same without the set `reserved`, which any question may use."""
        return self._categories.get(self.questions[question_id]["category_set"], {})

    def category_sets(self) -> Mapping[str, Mapping[str, Row]]:
        """category_set -> category_id -> row."""
        return self._categories

    def earlier(self, sample_id: str) -> list[str]:
        """The samples of the same series in earlier waves, the last one first."""
        sample = self.sample(sample_id)
        rows = [
            row
            for row in self.samples.rows
            if row["series"] == sample["series"] and int(row["wave"]) < int(sample["wave"])
        ]
        return [row["sample_id"] for row in sorted(rows, key=lambda row: -int(row["wave"]))]
