"""The two facts as a user of these files would make them with pandas: melted cells, merged with the seeds, to Parquet.

python -m benchmarks.floor_pandas PROJECT FOLDER [--start]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

CELL = ["sample_id", "row", "question_id"]
RESPONSE = [
    "respondent_id",
    "sample_id",
    "wave",
    "country",
    "question_id",
    "category_id",
    "position",
    "net",
    "value",
    "answer_status",
    "weight",
    "comparability",
    "raw_variable",
    "raw_code",
]
MULTIPLE = [
    "respondent_id",
    "sample_id",
    "wave",
    "country",
    "question_id",
    "category_id",
    "chosen",
    "answer_status",
    "weight",
    "comparability",
    "raw_variable",
    "raw_code",
]


def seed(project: Path, name: str, **types: str) -> pd.DataFrame:
    """A seed as text, but for the columns of which a type is given."""
    path = project / "dbt_project/seeds" / f"{name}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""]).astype(types)


def answers_of(project: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The cells with what the seeds say of their columns and codes; the categories that questions offer; all."""
    files = sorted((project / "build/landing").glob("*.answer.parquet"))
    cells = pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)
    for name in ("sample_id", "variable"):
        cells[name] = cells[name].astype("str")
    numbers = {"position": "Int16", "value_min": "float", "value_max": "float"}
    categories = seed(project, "survey/categories", **numbers)
    columns = (
        seed(project, "crosswalk/variables")
        .rename(columns={"category_id": "indicator"})
        .merge(
            seed(project, "survey/samples", wave="int16")[["sample_id", "wave", "country"]], on="sample_id"
        )
        .merge(
            seed(project, "survey/questions")[["question_id", "category_set"]], on="question_id", how="left"
        )
    )
    cells = cells.merge(columns, on=["sample_id", "variable"])
    cells["raw_code"] = cells.pop("value").fillna("<blank>")
    ids = cells[cells.role == "id"].copy()
    ids["length"] = ids.raw_code.str.len()
    ids = ids.sort_values(["sample_id", "length", "raw_code", "row"])
    number = (ids.groupby("sample_id").cumcount() + 1).astype(str).str.zfill(4)
    ids["respondent_id"] = ids.sample_id + "-" + number
    cells = cells[cells.role == "answer"].merge(
        ids[["sample_id", "row", "respondent_id"]], on=["sample_id", "row"]
    )
    cells["weight"] = 1.0
    cells["code"] = cells.raw_code
    delimited = cells[cells.layout == "delimited"].copy()
    delimited["code"] = [
        text.split(sign) for text, sign in zip(delimited.raw_code, delimited.delimiter, strict=True)
    ]
    cells = pd.concat([cells[cells.layout != "delimited"], delimited.explode("code")], ignore_index=True)
    codes = seed(project, "crosswalk/code_lists")[["code_list", "code", "category_id"]]
    cells = cells.merge(codes, on=["code_list", "code"], how="left")
    meaning = categories[["category_set", "category_id", "position", "net", "missing_type"]]
    cells = cells.merge(meaning.assign(own=True), on=["category_set", "category_id"], how="left")
    reserved = meaning[meaning.category_set == "reserved"].set_index("category_id")
    for name in ("position", "net", "missing_type"):
        cells[name] = cells[name].where(cells.own.notna(), cells.category_id.map(reserved[name]))
    listed = columns[columns.layout.isin(["ranked", "delimited"])].merge(codes, on="code_list")
    offered = listed.merge(meaning[meaning.missing_type.isna()], on=["category_set", "category_id"])
    return cells, offered[["sample_id", "question_id", "category_id"]].drop_duplicates(), categories


def responses(cells: pd.DataFrame, categories: pd.DataFrame) -> pd.DataFrame:
    """One row per respondent and single-answer question."""
    single = cells[cells.layout.isin(["single", "number", "birth_year"])].copy()
    single["value"] = np.nan
    aged = single.category_id.isna()
    number = single.raw_code[aged].astype("float")
    single.loc[aged, "value"] = number.where(single.layout[aged] != "birth_year", single.wave[aged] - number)
    bands = categories[categories.position.notna() & categories.value_min.notna()]
    for band in bands.to_dict("records"):
        of_set = aged & (single.category_set == band["category_set"])
        inside = of_set & single.value.between(band["value_min"], band["value_max"])
        for name in ("category_id", "position", "net"):
            single.loc[inside, name] = band[name]
    single["answer_status"] = single.missing_type.fillna("answered")
    single.loc[single.answer_status == "skipped", "category_id"] = None
    return single.rename(columns={"variable": "raw_variable"})[RESPONSE]


def multiple_responses(cells: pd.DataFrame, offered: pd.DataFrame, categories: pd.DataFrame) -> pd.DataFrame:
    """One row per respondent, multiple-answer question and offered category."""
    multiple = cells[cells.layout.isin(["indicator", "ranked", "delimited"])].copy()
    stands_for = categories[["category_set", "category_id", "missing_type"]].rename(
        columns={"category_id": "indicator", "missing_type": "stands_for"}
    )
    multiple = multiple.merge(stands_for, on=["category_set", "indicator"], how="left")
    indicator = multiple.layout == "indicator"
    multiple["is_chosen"] = multiple.category_id == "chosen"
    missing = multiple.missing_type.where(~(indicator & multiple.is_chosen), multiple.stands_for)
    chooses = (indicator & multiple.is_chosen & multiple.stands_for.isna()) | (
        ~indicator & multiple.own.notna() & multiple.missing_type.isna()
    )
    order = {"skipped": 0, "no_answer": 1, "dont_know": 2, "answered": 3}
    multiple["status"] = missing.map(order).fillna(chooses.map({True: 3, False: 4}))
    lowest = multiple.groupby(CELL)["status"].min().replace(4, 1)
    names = {number: name for name, number in order.items()}
    status = lowest.map(names).rename("answer_status").reset_index()

    indicators = multiple[indicator & multiple.stands_for.isna()].copy()
    indicators["category_id"] = indicators.indicator
    indicators = indicators.rename(columns={"variable": "raw_variable"})

    listed = multiple[~indicator]
    one = listed.drop_duplicates([*CELL, "variable"]).sort_values("column_position").groupby(CELL)
    texts = one.agg(raw_variable=("variable", ";".join), raw_code=("raw_code", ";".join)).reset_index()
    facts = ["respondent_id", "wave", "country", "weight", "comparability"]
    texts = texts.merge(listed[[*CELL, *facts]].drop_duplicates(CELL), on=CELL)
    choices = listed[listed.own.notna() & listed.missing_type.isna()]
    choices = choices[[*CELL, "category_id"]].drop_duplicates().assign(is_chosen=True)
    texts = texts.merge(offered, on=["sample_id", "question_id"])
    texts = texts.merge(choices, on=[*CELL, "category_id"], how="left")
    texts["is_chosen"] = texts.is_chosen.notna()

    together = pd.concat([indicators, texts], ignore_index=True).merge(status, on=CELL)
    together["chosen"] = together.is_chosen.astype("boolean").where(together.answer_status == "answered")
    return together[MULTIPLE]


if __name__ == "__main__":
    if "--start" not in sys.argv:
        source, target = Path(sys.argv[1]), Path(sys.argv[2])
        target.mkdir(parents=True, exist_ok=True)
        found, offers, all_categories = answers_of(source)
        responses(found, all_categories).to_parquet(target / "fct_response.parquet", index=False)
        multiple_responses(found, offers, all_categories).to_parquet(
            target / "fct_multiple_response.parquet", index=False
        )
