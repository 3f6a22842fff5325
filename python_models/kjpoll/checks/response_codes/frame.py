"""The frame that the suites look at.

A suite sees one frame, so the frame of a sample stacks what is checked: a row is a file, a column of it, a code, a label
or a missing share, with only its own columns filled. Great Expectations passes over empty cells. `item` names
the row to people.
"""

from __future__ import annotations

import pandas as pd

from kjpoll.common.code_text import PLAIN_NUMBER
from kjpoll.common.frames import rows
from kjpoll.common.label_text import plain
from kjpoll.common.properties import seed_properties

from .labels import named_meaning, names_of
from .tables import AuditTables

TEXT = [
    "item",
    "problem",
    "found_variable",
    "listed_variable",
    "wanted_variable",
    "delivered_variable",
    "code",
    "listed_code",
    "meaning",
    "label_meaning",
]
# As people write it, with a sign or a decimal point where it has them.
NUMBER = r"[-+]?[0-9]+([.][0-9]+)?"
NUMBERS = ["n_rows", "n_ids", "pct", "min_pct", "max_pct", "n_meanings"]


def number_column(category_set: str) -> str:
    """The column of the numbers that are cut into the categories of a set."""
    return f"number of {category_set}"


def range_column(category_set: str) -> str:
    """The column of those of its numbers that fall into a category."""
    return f"number in a category of {category_set}"


def answer_column(question_id: str) -> str:
    """The column of the numbers that were answered to a numeric question."""
    return f"number answered to {question_id}"


def audit_frame(tables: AuditTables) -> pd.DataFrame:
    """One row per thing to check, with its sample_id. Of a sample that is not eligible only the file is checked."""
    inside = [_variables(tables), _codes(tables), _labels(tables), _shares(tables)]
    eligible = set(tables.int_eligible_sample["sample_id"])
    parts = [_files(tables), _problems(tables), *(part[part["sample_id"].isin(eligible)] for part in inside)]
    frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
    frame = frame.reindex(columns=list(dict.fromkeys([*TEXT, *NUMBERS, *sorted(map(str, frame))])))
    # The tables come in any order, and what is kept of a sample is known by its rows in theirs.
    frame = frame.sort_values(list(frame.columns), ignore_index=True)
    return frame.astype({name: "object" for name in TEXT} | {name: "float64" for name in NUMBERS})


def _files(tables: AuditTables) -> pd.DataFrame:
    counts = tables.wave_file[["sample_id", "n_rows"]].merge(
        tables.int_identifier_count, how="left", on="sample_id"
    )
    items = [
        f"{row.n_rows} records" + ("" if pd.isna(row.n_ids) else f" with {int(row.n_ids)} identifiers")
        for row in rows(counts)
    ]
    return counts.assign(item=items)[["sample_id", "item", "n_rows", "n_ids"]]


def _problems(tables: AuditTables) -> pd.DataFrame:
    """What landing found; that the number of records is wrong is seen from the file's row."""
    problems = tables.file_problem[tables.file_problem["rule"] != "wrong_n"]
    return pd.DataFrame(
        {
            "sample_id": problems["sample_id"],
            "item": problems["rule"] + ": " + problems["what"],
            "problem": problems["rule"],
        }
    )


def _variables(tables: AuditTables) -> pd.DataFrame:
    """Columns of the file beside the same column of the crosswalk, and the other way round."""
    key = ["sample_id", "variable"]
    listed, delivered = tables.stg_column[key], tables.variable[key]
    in_file = delivered.merge(listed.assign(listed_variable=listed["variable"]), how="left", on=key)
    in_crosswalk = listed.merge(
        delivered.assign(delivered_variable=delivered["variable"]), how="left", on=key
    )
    return pd.concat(
        [
            in_file.assign(item=in_file["variable"]).rename(columns={"variable": "found_variable"}),
            in_crosswalk.assign(item=in_crosswalk["variable"]).rename(
                columns={"variable": "wanted_variable"}
            ),
        ],
        ignore_index=True,
    )


def _codes(tables: AuditTables) -> pd.DataFrame:
    """Codes beside the same code of the code list; numbers that are cut into categories in a column by category set, and those
    of a numeric question in a column of its own."""
    key = ["sample_id", "variable", "code"]
    codes = tables.int_code_frequency[[*key, "number", "n"]]
    listed = _meanings(tables)[key].assign(listed_code=lambda rows: rows["code"])
    codes = codes.merge(listed, how="left", on=key)
    columns = tables.stg_column[
        ["sample_id", "variable", "layout", "category_set", "answer_type", "question_id"]
    ]
    codes = codes.merge(columns, how="left", on=["sample_id", "variable"])
    codes["item"] = [f"{row.variable} = {row.code} ({row.n})" for row in rows(codes)]
    is_numeric = codes["answer_type"] == "numeric"
    holds_numbers = codes["layout"].isin(["number", "birth_year"]) & codes["listed_code"].isna()
    is_answer = holds_numbers & is_numeric & codes["code"].str.fullmatch(PLAIN_NUMBER.pattern)
    for question_id in codes.loc[is_answer, "question_id"].unique():
        answers = codes["code"].where(is_answer & (codes["question_id"] == question_id))
        codes[answer_column(question_id)] = pd.to_numeric(answers)
    is_number = holds_numbers & ~is_numeric & codes["code"].str.fullmatch(NUMBER)
    # A number that is no whole number stays as it is written, which no range has.
    years = codes["number"].where(is_number)
    numbers = years.astype("Int64").astype("string").fillna(codes["code"]).where(is_number)
    for category_set in codes.loc[is_number, "category_set"].unique():
        numbers_of_set = numbers.where(codes["category_set"] == category_set).astype("object")
        codes[number_column(category_set)] = numbers_of_set
        codes[range_column(category_set)] = numbers_of_set.where(
            numbers_of_set.isin(_numbers_of(tables.categories, category_set))
        )
    codes["code"] = codes["code"].where(~is_number & ~is_answer)
    return codes.drop(columns=["variable", "number", "n", *columns.columns.drop(["sample_id", "variable"])])


def _numbers_of(categories: pd.DataFrame, category_set: str) -> set[str]:
    """The numbers that the categories of the set cut up."""
    ranges = categories[categories["category_set"] == category_set].dropna(subset=["value_min", "value_max"])
    return {
        str(number) for row in rows(ranges) for number in range(int(row.value_min), int(row.value_max) + 1)
    }


def _labels(tables: AuditTables) -> pd.DataFrame:
    """Labelled codes of the code list: what the list says that they mean, and what the label says."""
    key = ["sample_id", "variable"]
    labels = tables.value_label[[*key, "code", "label"]].merge(_meanings(tables), on=[*key, "code"])
    if labels.empty:
        return pd.DataFrame(columns=["sample_id", "item"])
    labels["plain_label"] = labels["label"].map(plain)
    same_label = labels.groupby([*key, "plain_label"])["meaning"]
    labels["n_meanings"] = same_label.transform("nunique")
    names = names_of(tables.categories)
    # A label of two meanings contradicts one of them; it is reported as the duplicate that it is.
    labels["label_meaning"] = [
        named_meaning(row, names) if row.n_meanings == 1 else None for row in rows(labels)
    ]
    labels["meaning"] = labels["meaning"].where(labels["label_meaning"].notna())
    labels["item"] = [f"{row.variable} = {row.code} is labelled '{row.label}'" for row in rows(labels)]
    return labels[["sample_id", "item", "meaning", "label_meaning", "n_meanings"]]


def _shares(tables: AuditTables) -> pd.DataFrame:
    """Shares of missing answers with the band of the question, else of the country."""
    shares = tables.int_missing_share
    shares = shares[shares["is_eligible"].astype(bool)]
    key = seed_properties()["missing_bands"].key
    bands = tables.missing_bands[[*key, "min_pct", "max_pct"]]
    shares = shares[["sample_id", *key, "n", "base_n"]].merge(
        bands.dropna(subset=["question_id"]), how="left", on=key
    )
    preset = bands[bands["question_id"].isna()].drop(columns="question_id")
    banded = shares.merge(preset, how="left", on=["country", "missing_type"], suffixes=("", "_of_country"))
    # That a country has no band is a fault of the seed, and of no share.
    banded["min_pct"] = banded["min_pct"].fillna(banded["min_pct_of_country"]).fillna(0)
    banded["max_pct"] = banded["max_pct"].fillna(banded["max_pct_of_country"]).fillna(100)
    banded["pct"] = 100 * banded["n"] / banded["base_n"]
    banded["item"] = [
        f"{row.question_id} {row.missing_type} {row.pct:.1f}% ({row.n})" for row in rows(banded)
    ]
    return banded[["sample_id", "item", "pct", "min_pct", "max_pct"]]


def _meanings(tables: AuditTables) -> pd.DataFrame:
    """What the code list of each variable allows: sample_id, variable, layout, category_set, code, what it means, and
    what an indicator column stands for.

    A code may mean a category of its question's set or of the set `reserved`, no other; a missing answer means its kind.
    """
    kinds = {
        (row.category_set, row.category_id): row.missing_type
        if isinstance(row.missing_type, str)
        else row.category_id
        for row in rows(tables.categories)
    }
    columns = tables.stg_column[
        ["sample_id", "variable", "layout", "category_set", "code_list", "indicator_category_id"]
    ]
    codes = columns.dropna(subset=["code_list"]).merge(
        tables.code_lists[["code_list", "code", "category_id"]], on="code_list"
    )
    codes["meaning"] = [
        kinds.get((row.category_set, row.category_id)) or kinds.get(("reserved", row.category_id))
        for row in rows(codes)
    ]
    codes["indicator_meaning"] = [
        kinds.get((row.category_set, row.indicator_category_id)) for row in rows(codes)
    ]
    return codes.dropna(subset=["meaning"]).drop(
        columns=["code_list", "category_id", "indicator_category_id"]
    )
