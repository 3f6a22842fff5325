"""The suite of a sample, built from the seeds: what is expected of its frame."""

from __future__ import annotations

from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd

from .frame import answer_column, number_column, range_column
from .sample import CheckedSample

READABLE = "unreadable_file"


def sample_suite(sample: CheckedSample) -> gx.ExpectationSuite:
    """What is expected of one sample.

    The `meta` of each expectation has its name and the rule of seeds.rules that tells the same.
    """
    expectations = _of_the_file(sample)
    if sample.is_eligible:
        expectations += _of_the_columns()
        expectations += _of_the_codes(sample.frame)
        expectations += _of_the_numbers(sample)
        expectations += _of_the_shares()
    return gx.ExpectationSuite(name=sample.sample_id, expectations=expectations)


def _of_the_file(sample: CheckedSample) -> list[gxe.Expectation]:
    # One expectation stands for all that landing can find: on failure it has the rule that landing named.
    problems = sample.frame["problem"].dropna()
    return [
        _expect(
            gxe.ExpectColumnValuesToBeNull,
            problems.iloc[0] if len(problems) else READABLE,
            "the file can be read as the samples seed says",
            column="problem",
        ),
        _expect(
            gxe.ExpectColumnValuesToBeInSet,
            "wrong_n",
            "the file has as many records as the agency reports",
            column="n_rows",
            value_set=[float(n) for n in sample.n_expected],
        ),
    ]


def _of_the_columns() -> list[gxe.Expectation]:
    return [
        _pairs_equal(
            "unknown_variable",
            "every column of the file is in the crosswalk",
            "found_variable",
            "listed_variable",
        ),
        _pairs_equal(
            "missing_variable",
            "every column of the crosswalk is in the file",
            "wanted_variable",
            "delivered_variable",
        ),
        _pairs_equal("duplicate_respondent", "every record has an identifier of its own", "n_rows", "n_ids"),
    ]


def _of_the_codes(frame: pd.DataFrame) -> list[gxe.Expectation]:
    expectations = [_pairs_equal("unknown_code", "every code has a category", "code", "listed_code")]
    if frame["n_meanings"].notna().any():
        expectations += [
            _pairs_equal(
                "contradicting_label", "no label contradicts the code list", "meaning", "label_meaning"
            ),
            _expect(
                gxe.ExpectColumnValuesToBeInSet,
                "duplicate_label",
                "no label has two meanings",
                column="n_meanings",
                value_set=[1.0],
            ),
        ]
    return expectations


def _of_the_numbers(sample: CheckedSample) -> list[gxe.Expectation]:
    """One expectation for each category set that cuts numbers into categories, and for each numeric question with a bound."""
    in_a_category = [
        _pairs_equal(
            "number_out_of_range",
            f"every number of {category_set} is in range",
            number_column(category_set),
            range_column(category_set),
        )
        for category_set in sample.cut_sets
        if number_column(category_set) in sample.frame
        and sample.frame[number_column(category_set)].notna().any()
    ]
    in_range = [
        _expect(
            gxe.ExpectColumnValuesToBeBetween,
            "number_out_of_range",
            f"every number of {numbers.question_id} is in range",
            column=answer_column(numbers.question_id),
            min_value=numbers.lowest,
            max_value=numbers.highest,
        )
        for numbers in sample.ranges
        if answer_column(numbers.question_id) in sample.frame
        and sample.frame[answer_column(numbers.question_id)].notna().any()
    ]
    return in_a_category + in_range


def _of_the_shares() -> list[gxe.Expectation]:
    settings = {"or_equal": True, "ignore_row_if": "both_values_are_missing"}
    return [
        _expect(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB,
            "missing_share",
            f"no share of missing answers is {side} its band",
            column_A=larger,
            column_B=smaller,
            **settings,
        )
        for side, larger, smaller in (("above", "max_pct", "pct"), ("below", "pct", "min_pct"))
    ]


def _pairs_equal(rule: str, name: str, left: str, right: str) -> gxe.Expectation:
    return _expect(
        gxe.ExpectColumnPairValuesToBeEqual,
        rule,
        name,
        column_A=left,
        column_B=right,
        ignore_row_if="both_values_are_missing",
    )


def _expect(kind: type[gxe.Expectation], rule: str, name: str, **settings: Any) -> gxe.Expectation:
    expectation: gxe.Expectation = kind(description=name, meta={"name": name, "rule": rule}, **settings)
    return expectation
