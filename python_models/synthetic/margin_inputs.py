"""Seeds behind the synthetic margins: who is asked what, and what was published.

All functions read `dbt_project/seeds` and return plain frames or dictionaries.
Shares are percent of the base of the question; counts are respondents.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pandas as pd

HALF_TENTH = Fraction(1, 20)
NEVER_AN_ANSWER = {"chosen", "not_chosen", "no_further_choice", "skipped", "empty", ""}


@dataclass(frozen=True)
class Published:
    """One judged number: `categories` together lie in [lower, upper) percent of the base."""

    sample_id: str
    question_id: str
    option_id: str
    categories: tuple[str, ...]
    pct: Fraction
    lower: Fraction
    upper: Fraction

    def counts(self, base: int) -> tuple[int, int]:
        """Smallest and largest count that the number allows on `base` (empty if low > high)."""
        low = math.ceil(self.lower * base / 100)
        high = math.ceil(self.upper * base / 100) - 1
        return max(low, 0), min(high, base)

    @property
    def middle(self) -> float:
        """Centre of the interval, percent."""
        return float((self.lower + self.upper) / 2)


@dataclass(frozen=True)
class Change:
    """A printed difference between two waves of one option, percentage points."""

    claim_id: str
    country: str
    question_id: str
    option_id: str
    wave: int
    base_wave: int
    points: Fraction


def read_seed(seeds: Path, name: str) -> pd.DataFrame:
    """A seed as text, empty cells as empty strings. Raises FileNotFoundError with its path."""
    path = seeds / name
    if not path.exists():
        raise FileNotFoundError(f"{path}: the seed is missing; restore it from version control")
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def samples(seeds: Path) -> pd.DataFrame:
    """sample_id, wave, country, n: one row per sample, sorted by sample."""
    frame = read_seed(seeds, "survey/samples.csv")
    out = frame[["sample_id", "wave", "country"]].copy()
    out["wave"] = out["wave"].astype(int)
    out["n"] = frame["n_expected"].astype(int)
    return out.sort_values("sample_id", ignore_index=True)


def _offered_by(variable: pd.Series, lists: dict[str, list[str]], numeric: list[str]) -> list[str]:
    codes = [c for c in lists.get(variable["code_list"], []) if c not in NEVER_AN_ANSWER]
    if variable["layout"] == "indicator":
        return [variable["category_id"], *codes]
    if variable["layout"] in {"number", "birth_year"}:
        return [*numeric, *codes]
    return codes


def offered(seeds: Path) -> tuple[dict[tuple[str, str], list[str]], dict[tuple[str, str], int]]:
    """What each sample can answer, from the crosswalk.

    Returns (categories, caps), both keyed by (sample_id, question_id): the category ids in
    questionnaire order with the kinds of missing last, and, for ranked layouts, the number of
    choices a respondent has.
    """
    questions = read_seed(seeds, "survey/questions.csv").set_index("question_id")
    categories = read_seed(seeds, "survey/categories.csv")
    order = {s: list(g["category_id"]) for s, g in categories.groupby("category_set", sort=False)}
    ranged = categories[categories["value_min"] != ""]
    numeric = {s: list(g["category_id"]) for s, g in ranged.groupby("category_set")}
    lists = {
        name: list(dict.fromkeys(group["category_id"]))
        for name, group in read_seed(seeds, "crosswalk/code_lists.csv").groupby("code_list")
    }
    variables = read_seed(seeds, "crosswalk/variables.csv")
    answers = variables[variables["role"] == "answer"]
    found: dict[tuple[str, str], list[str]] = {}
    caps: dict[tuple[str, str], int] = {}
    for _, variable in answers.iterrows():
        key = (variable["sample_id"], variable["question_id"])
        if variable["layout"] == "ranked":
            caps[key] = caps.get(key, 0) + 1
        category_set = questions.at[key[1], "category_set"]
        found.setdefault(key, []).extend(
            _offered_by(variable, lists, numeric.get(category_set, []))
        )
    for key, ids in found.items():
        rank = {c: i for i, c in enumerate(order[questions.at[key[1], "category_set"]])}
        found[key] = sorted(dict.fromkeys(ids), key=lambda c: (rank.get(c, len(rank)), c))
    return found, caps


def option_categories(seeds: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """(question_id, option_id) -> the categories that a net or a published group sums."""
    members = read_seed(seeds, "survey/questions.csv")[["question_id", "category_set"]].merge(
        read_seed(seeds, "survey/categories.csv"), on="category_set")
    nets = members[members["net"] != ""].rename(columns={"net": "option_id"})
    own = set(zip(members["question_id"], members["category_id"], strict=True))
    groups = pd.concat([nets, read_seed(seeds, "published/topline_options.csv")])
    return {
        (str(q), str(o)): tuple(g["category_id"])
        for (q, o), g in groups.groupby(["question_id", "option_id"], sort=False)
        if (q, o) not in own
    }


def published(seeds: Path, categories: dict[tuple[str, str], list[str]]) -> list[Published]:
    """Every judged number of toplines and demographics, restricted to offered categories.

    Raises ValueError for a number of a question that the sample does not ask, or of an option
    with no offered category.
    """
    options = option_categories(seeds)
    rows = []
    for name in ("published/toplines.csv", "published/demographics.csv"):
        for _, row in read_seed(seeds, name).iterrows():
            if row["legibility"] == "conflict":
                continue
            sample = f"{row['country']}-{row['wave']}"
            question, option = row["question_id"], row["option_id"]
            known = categories.get((sample, question), [])
            named = options.get((question, option), (option,))
            chosen = tuple(c for c in named if c in known)
            if not chosen:
                raise ValueError(
                    f"{name}: {sample} {question} {option}: none of {named} is among the offered "
                    f"categories {known}; correct crosswalk/variables.csv, code_lists.csv or "
                    "published/topline_options.csv"
                )
            pct = Fraction(row["pct"])
            lower = Fraction(row["lower"]) if row["lower"] else pct - HALF_TENTH
            upper = Fraction(row["upper"]) if row["upper"] else pct + HALF_TENTH
            rows.append(Published(sample, question, option, chosen, pct, lower, upper))
    return rows


def changes(seeds: Path) -> list[Change]:
    """The printed changes between two waves among the claims."""
    frame = read_seed(seeds, "published/claims.csv")
    frame = frame[frame["measure"] == "change"]
    return [
        Change(
            r["claim_id"], r["country"], r["question_id"], r["option_id"],
            int(r["wave"]), int(r["base_wave"]), Fraction(r["value"]),
        )
        for _, r in frame.iterrows()
    ]


def core_counts(seeds: Path) -> dict[tuple[str, str], dict[str, int]]:
    """Counts of the core records: (sample_id, question_id) -> {category_id: respondents}.

    A code is the position of a category; 9 is the set's own `dont_know` kind and 99 its
    `no_answer`, except where 9 is a position. The code after the last position is the
    `not_sure` of questions where the models keep it as a level.
    """
    questions = read_seed(seeds, "survey/questions.csv").set_index("question_id")
    categories = read_seed(seeds, "survey/categories.csv")
    out: dict[tuple[str, str], dict[str, int]] = {}
    for name in ("core_kor_2023", "core_jpn_2023"):
        core = read_seed(seeds, f"synthetic/{name}.csv")
        sample = f"{core['country'].iloc[0]}-{core['wave'].iloc[0]}"
        for question in core.columns.difference(["country", "wave", "row"]):
            members = categories[categories["category_set"] == questions.at[question, "category_set"]]
            valid = members[(members["missing_type"] == "") & (members["position"] != "")]
            by_code = dict(zip(valid["position"], valid["category_id"], strict=True))
            unsure = members.loc[members["missing_type"] == "dont_know", "category_id"]
            if len(unsure):
                after_last = str(max(int(p) for p in by_code) + 1)
                by_code.setdefault(after_last, unsure.iloc[0])
                by_code.setdefault("9", unsure.iloc[0])
            by_code.setdefault("99", "no_answer")
            counts: dict[str, int] = {}
            for code, n in core[question].value_counts().items():
                if code not in by_code:
                    raise ValueError(
                        f"synthetic/{name}.csv: {question}: code {code!r} has no category; "
                        "correct survey/categories.csv"
                    )
                counts[by_code[code]] = counts.get(by_code[code], 0) + int(n)
            out[(sample, question)] = counts
    return out
