"""pandas' nullable columns in a fit, in predictions and in formulas; the reference are the same numbers as floats."""

import numpy as np
import pandas as pd
import pytest
from kjpoll.ordinal import OrdinalModel
from ordinal_data import sample

TYPES = [
    {"a": "Int64", "b": "Int64"},
    {"a": "Int64", "b": "boolean"},
    {"a": "int64[pyarrow]", "b": "bool[pyarrow]"},
    {},
]


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    outcome, matrix = sample()
    return pd.DataFrame({"mood": outcome, "a": matrix[:, 0].astype(int), "b": matrix[:, 1].astype(int)})


@pytest.mark.parametrize("types", TYPES)
def test_fit_summary_and_predictions_on_nullable_columns(people, types):
    nullable = people.astype({"mood": "Int64"} | types) if types else people.astype(object)
    nullable["mood"] = nullable["mood"].astype("Int64")
    plain = OrdinalModel(people["mood"], people[["a", "b"]]).fit()
    fitted = OrdinalModel(nullable["mood"], nullable[["a", "b"]]).fit()
    np.testing.assert_array_equal(fitted.params, plain.params)
    assert "mood" in str(fitted.summary())
    expected = plain.predict(people[["a", "b"]])
    pd.testing.assert_frame_equal(fitted.predict(nullable[["a", "b"]]), expected)
    np.testing.assert_array_equal(np.squeeze(fitted.predict(nullable[["a", "b"]].iloc[0])), expected.loc[0])
    nullable.loc[1, "a"], nullable.loc[2, "b"] = pd.NA, pd.NA
    with_missing = fitted.predict(nullable[["a", "b"]])
    assert with_missing.loc[[1, 2]].isna().all(axis=None)
    pd.testing.assert_frame_equal(with_missing.drop([1, 2]), expected.drop([1, 2]))


@pytest.mark.parametrize("kind", ["object", "category", "str"])
def test_a_column_of_text_is_named(people, kind):
    frame = people.assign(b=people["b"].astype(str).astype(kind))
    with pytest.raises(ValueError, match=f"column b has the type {kind}, not numbers; make indicators"):
        OrdinalModel(people["mood"], frame[["a", "b"]])
    fitted = OrdinalModel(people["mood"], people[["a", "b"]]).fit()
    with pytest.raises(ValueError, match=f"column b has the type {kind}, not numbers"):
        fitted.predict(frame[["a", "b"]])


@pytest.mark.parametrize("dtype", ["Int8", "UInt8", "float64[pyarrow]", "int64[pyarrow]"])
def test_outcomes_of_other_types(people, dtype):
    plain = OrdinalModel(people["mood"], people[["a"]]).fit()
    fitted = OrdinalModel(people["mood"].astype(dtype), people[["a"]]).fit()
    np.testing.assert_array_equal(fitted.params, plain.params)
    high = people["mood"] > 1
    for nullable in ("boolean", "bool[pyarrow]"):
        np.testing.assert_array_equal(
            OrdinalModel(high.astype(nullable), people[["a"]]).fit().params,
            OrdinalModel(high, people[["a"]]).fit().params,
        )
    missing = people["mood"].astype(dtype)
    missing[4] = pd.NA
    with pytest.raises(ValueError, match="the outcome mood has a missing or infinite value in row 4"):
        OrdinalModel(missing, people[["a"]])
