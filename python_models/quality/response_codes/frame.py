"""The frame that the suites look at.

A suite sees one frame, so the frame of a sample stacks what is checked: a row is a file, a column of it, a code, a label
or a missing share, with only its own columns filled. Great Expectations passes over empty cells. `item` names
the row to people.
"""

from __future__ import annotations

import pandas as pd

from .labels import named_category, names_of
from .tables import AuditTables

TEXT = ["item", "problem", "found_variable", "code", "listed_code", "category_id", "labelled_category"]
NUMBERS = ["n_rows", "n_ids", "pct", "min_pct", "max_pct"]


def number_column(category_set: str) -> str:
    """The column of the numbers that are cut into the categories of a set."""
    return f"number of {category_set}"


def audit_frame(tables: AuditTables) -> pd.DataFrame:
    """One row per thing to check, with its sample_id. Of a file that cannot be judged only the file is checked."""
    inside = [_variables(tables), _codes(tables), _labels(tables), _shares(tables)]
    judged = set(tables.int_judged_sample["sample_id"])
    parts = [_files(tables), _problems(tables), *(part[part["sample_id"].isin(judged)] for part in inside)]
    frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
    frame = frame.reindex(columns=list(dict.fromkeys([*TEXT, *NUMBERS, *frame])))
    return frame.astype({name: "object" for name in TEXT} | {name: "float64" for name in NUMBERS})


def _files(tables: AuditTables) -> pd.DataFrame:
    counts = tables.wave_file[["sample_id", "n_rows"]].merge(tables.int_identifier_count, how="left", on="sample_id")
    items = [f"{row.n_rows} records" + ("" if pd.isna(row.n_ids) else f" with {int(row.n_ids)} identifiers")
             for row in counts.itertuples()]
    return counts.assign(item=items)[["sample_id", "item", "n_rows", "n_ids"]]


def _problems(tables: AuditTables) -> pd.DataFrame:
    """What landing found; that the number of records is wrong is seen from the file's row."""
    found = tables.file_problem[tables.file_problem["rule"] != "wrong_n"]
    return pd.DataFrame({
        "sample_id": found["sample_id"], "item": found["rule"] + ": " + found["what"], "problem": found["rule"]})


def _variables(tables: AuditTables) -> pd.DataFrame:
    found = tables.variable[["sample_id", "variable"]]
    return found.assign(item=found["variable"]).rename(columns={"variable": "found_variable"})


def _codes(tables: AuditTables) -> pd.DataFrame:
    """Codes beside the same code of the code list; numbers of columns that hold numbers beside nothing."""
    found = tables.int_code_frequency[["sample_id", "variable", "code", "number", "n"]]
    listed = _meanings(tables)[["sample_id", "variable", "code"]].assign(listed_code=lambda rows: rows["code"])
    found = found.merge(listed, how="left", on=["sample_id", "variable", "code"])
    columns = tables.stg_column[["sample_id", "variable", "category_set"]]
    found = found.merge(columns, how="left", on=["sample_id", "variable"])
    found["item"] = [f"{row.variable} = {row.code} ({row.n})" for row in found.itertuples()]
    is_number = found["number"].notna() & found["listed_code"].isna()
    found["code"] = found["code"].where(~is_number)
    for category_set in found.loc[is_number, "category_set"].unique():
        found[number_column(category_set)] = found["number"].where(is_number & (found["category_set"] == category_set))
    return found.drop(columns=["variable", "number", "n", "category_set"])


def _labels(tables: AuditTables) -> pd.DataFrame:
    """Labelled codes of the code list: the category that the list gives, and the one that the label names."""
    labels = tables.value_label[["sample_id", "variable", "code", "label"]]
    labelled = labels.merge(_meanings(tables), on=["sample_id", "variable", "code"])
    names = names_of(tables.categories)
    labelled["labelled_category"] = [
        named_category(row.label, row.category_id, (names.get(row.category_set, {}), names.get("reserved", {})))
        for row in labelled.itertuples()]
    labelled = labelled.dropna(subset=["labelled_category"])
    labelled["item"] = [
        f"{row.variable} = {row.code} means {row.category_id} and is labelled '{row.label}' ({row.labelled_category})"
        for row in labelled.itertuples()]
    return labelled[["sample_id", "item", "category_id", "labelled_category"]]


def _shares(tables: AuditTables) -> pd.DataFrame:
    """Shares of missing answers with the band of the question, else of the country."""
    shares = tables.int_missing_share
    shares = shares[shares["is_judged"].astype(bool)]
    bands = tables.missing_bands[["country", "question_id", "missing_type", "min_pct", "max_pct"]]
    key = ["country", "question_id", "missing_type"]
    own = shares[["sample_id", *key, "n", "base_n"]].merge(bands.dropna(subset=["question_id"]), how="left", on=key)
    preset = bands[bands["question_id"].isna()].drop(columns="question_id")
    banded = own.merge(preset, how="left", on=["country", "missing_type"], suffixes=("", "_of_country"))
    # Without any band no share is believed.
    banded["min_pct"] = banded["min_pct"].fillna(banded["min_pct_of_country"]).fillna(100)
    banded["max_pct"] = banded["max_pct"].fillna(banded["max_pct_of_country"]).fillna(0)
    banded["pct"] = 100 * banded["n"] / banded["base_n"]
    banded["item"] = [f"{row.question_id} {row.missing_type} {row.pct:.1f}% ({row.n})" for row in banded.itertuples()]
    return banded[["sample_id", "item", "pct", "min_pct", "max_pct"]]


def _meanings(tables: AuditTables) -> pd.DataFrame:
    """sample_id, variable, code, category_id, category_set: what the code list of each variable allows.

    A code may mean a category of its question's set or of the set `reserved`, no other.
    """
    columns = tables.stg_column[["sample_id", "variable", "code_list", "category_set"]].dropna(subset=["code_list"])
    codes = columns.merge(tables.code_lists[["code_list", "code", "category_id"]], on="code_list")
    known = set(zip(tables.categories["category_set"], tables.categories["category_id"]))
    allowed = [(row.category_set, row.category_id) in known or ("reserved", row.category_id) in known
               for row in codes.itertuples()]
    return codes.loc[allowed, ["sample_id", "variable", "code", "category_id", "category_set"]]
