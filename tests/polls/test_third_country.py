"""A third country joins the shipped poll in its last two waves, by a file each and rows of the seeds, and is released."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from tests.support.polls import add_bands, release_first
from tests.support.project import CHECKOUT, Project

COUNTRY, WAVES = "MNG", {2022: 120, 2023: 130}
THREATS = ["north_korea", "china", "counterpart", "russia", "usa", "middle_east", "india", "other"]
CHINA = {
    "1": "good",
    "2": "relatively_good",
    "3": "relatively_bad",
    "4": "bad",
    "8": "dont_know",
    "9": "no_answer",
}
PASTURE = {"H": "herds", "W": "weather", "M": "mines", "N": "dont_know"}
SEX = {"эр": "male", "эм": "female"}


def record(wave: int, i: int) -> dict[str, str]:
    """The answers of respondent i: no two columns go together, and all but the same in both waves."""
    return {
        "№": str(i),
        "хүйс": "эр" if i * 7 % 13 < 6 else "эм",
        "нас": str(18 + (i * 29 + wave) % 61),
        "Q1": "9" if i % 40 == 0 else "8" if i % 11 == 0 else "1123342"[(i * i + i) % 7],
        "Q2_1": str(i % 8 + 1),
        "Q2_2": "" if i % 3 == 0 else str((i + 3) % 8 + 1),
        "Q3": "HWMWHWN"[(i * 3 + i // 7 + wave) % 7],
    }


def meant(wave: int, i: int) -> dict[str, set[str]]:
    said = record(wave, i)
    return {
        "sex": {SEX[said["хүйс"]]},
        "impression_of_china": {CHINA[said["Q1"]]},
        "military_threat": {THREATS[int(said[name]) - 1] for name in ("Q2_1", "Q2_2") if said[name]},
        "pasture_loss": {PASTURE[said["Q3"]]},
    }


def come_in(project: Project) -> None:
    """Put the files and their rows into the project."""
    labels = {"label_en": "Mongolia", "label_ko": "몽골", "label_ja": "モンゴル"}
    project.append(
        "survey/countries", {"country": COUNTRY, "country_order": 3, "adjective": "Mongolian", **labels}
    )
    project.append("survey/questions", {
        "question_id": "pasture_loss", "topic": "economy", "answer_type": "nominal", "category_set": "pasture",
        "label_en": "Why pastures are lost", "label_ko": "초지 감소의 원인", "label_ja": "牧草地が失われる原因",
    })  # fmt: skip
    project.append("survey/categories", *(
        {"category_set": "pasture", "category_id": name, "position": "" if name == "dont_know" else at,
         "missing_type": name if name == "dont_know" else "", "label_en": name, "label_ko": name, "label_ja": name}
        for at, name in enumerate(PASTURE.values(), start=1)
    ))  # fmt: skip
    lists = {"pasture__letters": PASTURE, "sex__mongolian": SEX}
    project.append("crosswalk/code_lists", *(
        {"code_list": name, "code": code, "category_id": category}
        for name, codes in lists.items() for code, category in codes.items()
    ))  # fmt: skip
    for wave, n in WAVES.items():
        sample = {"sample_id": f"{COUNTRY}-{wave}", "review": "reviewed"}
        path = project.root / "data" / "raw" / str(wave) / f"{COUNTRY}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(record(wave, 1)))
            writer.writeheader()
            writer.writerows(record(wave, i) for i in range(1, n + 1))
        project.append("survey/samples", sample | {
            "wave": wave, "country": COUNTRY, "series": COUNTRY, "file": f"{wave}/{COUNTRY}.csv", "format": "csv",
            "encoding": "utf-8", "header_row": 1, "id_variable": "№", "n_expected": n, "fieldwork_start": f"{wave}-08-01",
            "fieldwork_end": f"{wave}-08-20", "synthetic": "false",
        })  # fmt: skip
        answer = sample | {"role": "answer", "layout": "single", "comparability": "identical"}
        project.append(
            "crosswalk/variables",
            sample | {"variable": "№", "role": "id"},
            answer | {"variable": "хүйс", "question_id": "sex", "code_list": "sex__mongolian", "question_number": "F1"},
            answer | {"variable": "нас", "question_id": "age_group", "layout": "number", "question_number": "F2"},
            answer | {"variable": "Q1", "question_id": "impression_of_china", "code_list": "good_bad_4__1to4_dk8_na9",
                      "question_number": "Q1"},
            *(answer | {"variable": name, "question_id": "military_threat", "layout": "ranked",
                        "code_list": "military_threat__1to8_dk9_ranked", "question_number": "Q2"} for name in ("Q2_1", "Q2_2")),
            answer | {"variable": "Q3", "question_id": "pasture_loss", "code_list": "pasture__letters", "question_number": "Q3"},
        )  # fmt: skip


@pytest.fixture(scope="module")
def three_countries(built, tmp_path_factory) -> Project:
    project = Project.copied(tmp_path_factory.mktemp("three") / "project", kept=built)
    come_in(project)
    add_bands(project)
    release_first(project)
    return project


pytestmark = pytest.mark.xdist_group("third country")


def test_its_toplines_are_those_of_its_records(three_countries):
    found = {
        (sample_id, question, category): (n, base_n)
        for sample_id, question, category, n, base_n in three_countries.query(
            "select sample_id, question_id, category_id, n, base_n from analysis.topline "
            "where country = ? and n > 0 and question_id <> 'age_group'", COUNTRY,
        )
    }  # fmt: skip
    expected = Counter(
        (f"{COUNTRY}-{wave}", question, category)
        for wave, n in WAVES.items()
        for i in range(1, n + 1)
        for question, categories in meant(wave, i).items()
        for category in categories
    )
    assert found == {key: (n, WAVES[int(key[0][-4:])]) for key, n in expected.items()} and len(found) > 30


def test_its_trend_goes_from_one_wave_to_the_next(three_countries):
    rows = three_countries.query(
        "select wave, previous_wave, not_tested from analysis.trend "
        "where country = ? and question_id = 'impression_of_china' and net = 'positive' order by wave", COUNTRY,
    )  # fmt: skip
    assert rows == [(2022, None, "first wave"), (2023, 2022, None)]


def test_the_two_countries_are_as_they_were_signed(three_countries):
    """Every count of a category and of a net that is shipped as signed."""
    for name, item, table in (("toplines", "category_id", "topline"), ("nets", "net", "topline_net")):
        with (CHECKOUT / "dbt_project/seeds/released" / f"{name}.csv").open(
            encoding="utf-8", newline=""
        ) as stream:
            signed = {tuple(row.values()) for row in csv.DictReader(stream)}
        built = three_countries.query(
            f"select sample_id, question_id, {item}, n, base_n from analysis.{table} where country <> '{COUNTRY}'"
        )
        assert {tuple(map(str, row)) for row in built} == signed and len(signed) > 500


def test_countries_stand_in_the_order_of_their_seed(three_countries):
    assert three_countries.query("select country from marts.dim_country order by country_order") == [
        ("KOR",), ("JPN",), (COUNTRY,)
    ]  # fmt: skip
