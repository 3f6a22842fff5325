"""A small project that takes in a wave: two waves in two countries, and what is made up of a third."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import ClassVar

from kjpoll.common.properties import seed_properties
from kjpoll.onboarding.detect import Detection, Finding
from kjpoll.onboarding.profile import FileProfile, VariableProfile
from kjpoll.onboarding.propose import CodeMatch, Proposal, Proposals

SAMPLES = seed_properties()["samples"].columns
VARIABLES = seed_properties()["variables"].columns
WAIVERS = seed_properties()["waivers"].columns
NEW = "KOR-2023"
DELIVERED = "ID,Q1,Q2,Q3_1,Q3_2,AGE\n" + "".join(
    f"{n},{'1' if n <= 60 else '3' if n <= 90 else '9'},{n % 2 + 1},{n % 2},{(n + 1) % 2},{20 + n % 40}\n"
    for n in range(1, 101)
)


def sample(sample_id: str, **more: str) -> dict[str, str]:
    country, wave = sample_id.split("-")
    return {
        **dict.fromkeys(SAMPLES, ""),
        "sample_id": sample_id,
        "wave": wave,
        "country": country,
        "series": country,
        "file": f"{wave}/{country}.csv",
        "format": "csv",
        "encoding": "utf-8",
        "header_row": "1",
        "id_variable": "ID",
        "n_expected": "100",
        "fieldwork_start": f"{wave}-08-01",
        "fieldwork_end": f"{wave}-08-20",
        "mode": "telephone",
        "agency": "Somebody, Inc.",
        "population": "18+",
        "synthetic": "true",
        "design_effect": "1.5",
        "source_id": "book",
        "review": "reviewed",
        **more,
    }


def variable(sample_id: str, name: str, role: str = "answer", **more: str) -> dict[str, str]:
    answer = (
        {"layout": "single", "comparability": "identical", "question_number": name.partition("_")[0]}
        if role == "answer"
        else {}
    )
    return {
        **dict.fromkeys(VARIABLES, ""),
        "sample_id": sample_id,
        "variable": name,
        "role": role,
        "review": "reviewed",
        **answer,
        **more,
    }


def crosswalk(sample_id: str, **more: str) -> list[dict[str, str]]:
    """The rows of a sample with all that the questionnaire has."""
    reasons = {"question_id": "reasons", "layout": "indicator", "code_list": "ticks"}
    return [
        variable(sample_id, "ID", "id", **more),
        variable(sample_id, "Q1", question_id="mood", code_list="mood__1to3_dk9", **more),
        variable(sample_id, "Q2", question_id="sex", code_list="sex__1_2", **more),
        variable(sample_id, "Q3_1", category_id="food", **reasons, **more),
        variable(sample_id, "Q3_2", category_id="music", **reasons, **more),
        variable(sample_id, "AGE", question_id="age_group", layout="number", **more),
    ]


QUESTIONS = [
    ("mood", "ordinal", "mood_3"),
    ("sex", "nominal", "sex"),
    ("reasons", "multiple", "reasons"),
    ("age_group", "ordinal", "age_group"),
    ("cars", "ordinal", "mood_3"),
]
CATEGORIES = [
    ("mood_3", "good", "", "", ""),
    ("mood_3", "neither", "", "", ""),
    ("mood_3", "bad", "", "", ""),
    ("mood_3", "dont_know", "dont_know", "", ""),
    ("sex", "male", "", "", ""),
    ("sex", "female", "", "", ""),
    ("reasons", "food", "", "", ""),
    ("reasons", "music", "", "", ""),
    ("age_group", "young", "", "18", "39"),
    ("age_group", "old", "", "40", "99"),
    ("reserved", "chosen", "", "", ""),
    ("reserved", "not_chosen", "", "", ""),
    ("reserved", "skipped", "skipped", "", ""),
]
CODE_LISTS = {
    "mood__1to3_dk9": {"1": "good", "2": "neither", "3": "bad", "9": "dont_know"},
    "sex__1_2": {"1": "male", "2": "female"},
    "ticks": {"0": "not_chosen", "1": "chosen", "<blank>": "skipped"},
}


def make(root: Path) -> Path:
    """Write the seeds of two waves and the file that is delivered for a third; gives the delivered file."""
    old = ("JPN-2022", "KOR-2021", "KOR-2022")
    write(root, "survey/samples", [sample(one) for one in old])
    write(root, "crosswalk/variables", [row for one in old for row in crosswalk(one)])
    write(
        root,
        "crosswalk/code_lists",
        [
            {"code_list": name, "code": code, "category_id": category, "note": ""}
            for name, codes in CODE_LISTS.items()
            for code, category in codes.items()
        ],
    )
    write(
        root,
        "survey/waves",
        [
            {"wave": year, "year": year, "label_en": year, "label_ko": f"{year}년"}
            for year in ("2021", "2022")
        ],
    )
    write(root, "report/languages", [{"language": "en", "language_order": "1", "name": "English"}])
    write(
        root,
        "survey/questions",
        [
            {
                "question_id": name,
                "label_en": f"About {name}",
                "topic": "feelings",
                "answer_type": kind,
                "category_set": category_set,
                **dict.fromkeys(
                    ("unit", "value_min", "value_max", "universe", "respondent_role", "note"), ""
                ),
            }
            for name, kind, category_set in QUESTIONS
        ],
    )
    write(
        root, "survey/universes", [{"universe": "in_good_mood", "question_id": "mood", "category_id": "good"}]
    )
    write(
        root,
        "survey/categories",
        [
            {
                "category_set": name,
                "category_id": category,
                "position": "",
                "net": "",
                "missing_type": missing,
                "exclusive": "",
                "value_min": low,
                "value_max": high,
                "label_en": category.title(),
            }
            for name, category, missing, low, high in CATEGORIES
        ],
    )
    write(root, "published/sources", [{"source_id": "book", "title": "A book"}])
    write(root, "survey/countries", [{"country": name, "label_en": name} for name in ("JPN", "KOR")])
    write(root, "quality/missing_codes", [{"code": "9", "note": ""}])
    write(root, "crosswalk/waivers", [dict.fromkeys(WAIVERS, "")])
    (root / "dbt_project" / "dbt_project.yml").write_text("name: small\n", encoding="utf-8")
    delivered = root.parent / "delivery.csv"
    delivered.write_text(DELIVERED, encoding="utf-8")
    return delivered


def write(root: Path, seed: str, rows: list[dict[str, str]]) -> None:
    path = root / "dbt_project" / "seeds" / f"{seed}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def files(root: Path) -> dict[str, bytes]:
    """Every file below `root`, but for the lock and what landing cached."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != ".lock" and path.parent.name != "landing"
    }


def profile(n: int = 1000, good: int = 400, **labels: str) -> FileProfile:
    """A file in which `good` of n respondents find the mood good; one in ten does not know."""
    counts = {
        "ID": {str(one): 1 for one in range(n)},
        "Q1": {"1": good, "3": n - good - n // 10, "9": n // 10},
        "Q2": {"1": n // 2, "2": n - n // 2},
        "Q3_1": {"0": n // 4, "1": n // 4, "<blank>": n // 2},
        "Q3_2": {"0": n // 5, "1": n // 2 - n // 5, "<blank>": n // 2},
        "AGE": {"25": n // 2, "55": n - n // 2},
    }
    return FileProfile(
        n,
        tuple(
            VariableProfile(name, place, labels.get(name, f"{name}. label of {name}"), {}, of)
            for place, (name, of) in enumerate(counts.items())
        ),
    )


class History:
    """The earlier files of the small project."""

    profiles: ClassVar = {
        "KOR-2021": profile(good=380),
        "KOR-2022": profile(good=400),
        "JPN-2022": profile(good=100),
    }

    @classmethod
    def of_project(cls, root: Path, without: frozenset[str]) -> History:
        assert len(without) == 1 and next(iter(without)).startswith(NEW)
        return cls()


def detection(path: Path, answers=None, ties: bool = False) -> Detection:
    """A detection in which the encoding ties where `ties`, until it is answered."""
    values = {
        "format": "csv",
        "encoding": "utf-8",
        "delimiter": None,
        "sheet": None,
        "label_sheet": None,
        "header_row": 1,
        "id_variable": "ID",
        "weight_variable": None,
    }
    others = (("cp949", 0.5, "Korean"),) if ties and "encoding" not in (answers or {}) else ()
    return Detection(
        path,
        {
            name: Finding(
                name,
                (answers or {}).get(name, value),
                0.5 if name == "encoding" and others else 1.0,
                "seen",
                others if name == "encoding" else (),
            )
            for name, value in values.items()
        },
    )


def proposed(sample_row, profile, history) -> Proposals:
    """All as before, but Q2, of which nothing is known, and Q1, whose new list has an open code."""
    sample_id = sample_row["sample_id"]
    rows = crosswalk(sample_id, review="proposed")
    rows[1] |= {"code_list": "mood__kor_2023"}
    rows[2] |= {"question_id": "", "code_list": ""}
    proposals = [
        Proposal(
            row,
            0.6 if not row["question_id"] and row["role"] == "answer" else 0.97,
            f"seen {row['variable']}",
            "cars" if row["variable"] == "Q2" else None,
            0.2,
            row["variable"] == "Q2",
        )
        for row in rows
    ]
    return Proposals(
        sample_id,
        tuple(proposals),
        (CodeMatch("Q1", "mood__kor_2023", "new", 0.8, "by labels"),),
        {"mood__kor_2023": {"1": "bad", "3": "good", "9": ""}},
    )
