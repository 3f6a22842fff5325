"""Models from formulas: which rows and columns enter, and what may stand on the left."""

import numpy as np
import pandas as pd
import pytest
from kjpoll.ordinal import OrdinalModel
from ordinal_data import sample


def half(values):
    """A function that a formula finds in its caller's namespace."""
    return values / 2


@pytest.fixture
def data() -> pd.DataFrame:
    outcome, matrix = sample()
    frame = pd.DataFrame(matrix, columns=["a", "b", "c"]).assign(y=outcome, n=outcome + 1.0)
    return frame.assign(group=np.where(frame["b"] > 0, "urban", "rural"), age=frame["a"].astype("Int64"))


def plain(data: pd.DataFrame, kept, columns=("a", "c"), **declared):
    rows = data.loc[kept]
    declared = {name: given[np.asarray(kept)] for name, given in declared.items()}
    return OrdinalModel(rows["y"].astype(int), rows[list(columns)].astype(float), **declared).fit()


def test_the_model_keeps_its_formula_and_its_data(data):
    model = OrdinalModel.from_formula("y ~ a + c", data)
    assert model.formula == model.fit().model.formula == "y ~ a + c"
    assert model.data.frame.equals(data)
    assert not hasattr(OrdinalModel(data["y"], data[["a"]]), "formula")


@pytest.mark.parametrize(
    ("column", "dtype"),
    [
        ("age", "Int64"),
        ("age", "float64[pyarrow]"),
        ("group", "string"),
        ("group", "category"),
        ("b", "boolean"),
    ],
)
def test_missing_values_of_any_type_are_dropped_or_refused(data, column, dtype):
    formula = f"y ~ c + {column}"
    data[column] = data[column].astype(dtype)
    whole = OrdinalModel.from_formula(formula, data).fit()
    data.loc[5, column] = None
    kept = data.index != 5
    data["b"] = data["b"].astype("float64")
    fitted = OrdinalModel.from_formula(formula, data.astype({column: dtype})).fit()
    expected = plain(data, kept, ("a" if column == "age" else "b", "c"))
    assert (whole.nobs, fitted.nobs) == (300, 299)
    np.testing.assert_allclose(fitted.params["c"], expected.params["c"], rtol=1e-9)
    np.testing.assert_allclose(fitted.cut_points, expected.cut_points, rtol=1e-9)
    predicted = fitted.predict(data.astype({column: dtype}))
    assert predicted.loc[5].isna().all() and predicted.drop(5).notna().all(axis=None)
    for missing in ("raise", "none"):
        with pytest.raises(ValueError, match=rf"row 5 of the data has a missing value in {column}; leave"):
            OrdinalModel.from_formula(formula, data.astype({column: dtype}), missing=missing)
    with pytest.raises(ValueError, match="row 5 of the data"):
        OrdinalModel.from_formula(formula, data.astype({column: dtype}), data.index > 2, missing="raise")
    # What the formula does not use may be missing.
    assert OrdinalModel.from_formula("y ~ a", data, missing="raise").nobs == 300


@pytest.mark.parametrize("kind", ["Int64", "float64", "ordered"])
def test_a_missing_outcome_is_dropped_or_refused(data, kind):
    outcome = (
        pd.Series(pd.Categorical(data["y"], ordered=True)) if kind == "ordered" else data["y"].astype(kind)
    )
    outcome[7] = None
    data["y"] = outcome
    fitted = OrdinalModel.from_formula("y ~ a + c", data).fit()
    np.testing.assert_allclose(fitted.params, plain(data, data.index != 7).params, rtol=1e-9)
    assert fitted.model.endog_names == "y"
    assert fitted.model.categories == ([f"{j}.0" for j in range(4)] if kind == "float64" else list("0123"))
    with pytest.raises(ValueError, match="row 7 of the data has a missing value in y;"):
        OrdinalModel.from_formula("y ~ a + c", data, missing="raise")


def test_an_unknown_treatment_of_missing_values_is_refused(data):
    with pytest.raises(ValueError, match="missing is 'ignore'; write drop or raise"):
        OrdinalModel.from_formula("y ~ a", data, missing="ignore")


def test_weights_and_labels_go_by_the_rows_of_the_data(data):
    rng = np.random.default_rng(8)
    declared = {"sampling_weights": rng.uniform(0.5, 2, 300), "clusters": rng.integers(0, 30, 300)}
    data.loc[[3, 250], "age"] = pd.NA
    kept = data["age"].notna().to_numpy() & (data.index < 280)
    fitted = OrdinalModel.from_formula("y ~ age + c", data, data.index < 280, **declared).fit()
    expected = plain(data, kept, **declared)
    np.testing.assert_allclose(fitted.params, expected.params, rtol=1e-9)
    np.testing.assert_allclose(fitted.bse, expected.bse, rtol=1e-9)
    assert fitted.nobs == 278
    already = {name: given[kept] for name, given in declared.items()}
    again = OrdinalModel.from_formula("y ~ age + c", data, data.index < 280, **already).fit()
    np.testing.assert_array_equal(again.bse, fitted.bse)


def test_columns_left_out_are_left_out_of_predictions(data):
    fitted = OrdinalModel.from_formula("y ~ a + b + c", data, drop_cols=["b"]).fit()
    assert list(fitted.params.index[:2]) == ["a", "c"]
    np.testing.assert_allclose(fitted.params, plain(data, data.index >= 0).params, rtol=1e-9)
    np.testing.assert_allclose(fitted.predict(data.head(3)), fitted.predict()[:3])


def test_expressions_and_the_callers_names(data):
    plus = OrdinalModel.from_formula("np.abs(n) ~ half(a) + c", data).fit()
    expected = plain(data, data.index >= 0)
    np.testing.assert_allclose(plus.params.iloc[1:], expected.params.iloc[1:], rtol=1e-9)
    np.testing.assert_allclose(plus.params.iloc[0], 2 * expected.params["a"], rtol=1e-9)
    assert OrdinalModel.from_formula("y ~ 1", data).fit().model.k_vars == 0
    with pytest.raises(Exception, match="half"):
        OrdinalModel.from_formula("y ~ half(a)", data, eval_env=-1)


def test_data_that_make_a_frame(data):
    expected = plain(data, data.index >= 0)
    columns = data[["y", "a", "c"]]
    for given in ({name: columns[name].to_numpy() for name in columns}, columns.to_records()):
        np.testing.assert_allclose(
            OrdinalModel.from_formula("y ~ a + c", given).fit().params, expected.params, rtol=1e-9
        )


def test_true_and_false_are_in_order(data):
    data["high"] = data["y"] > 1
    for given in (data, data.assign(high=data["high"].astype("boolean"))):
        fitted = OrdinalModel.from_formula("high ~ a + c", given).fit()
        expected = OrdinalModel(data["high"], data[["a", "c"]]).fit()
        np.testing.assert_allclose(fitted.params, expected.params, rtol=1e-9)


def outcomes(codes: np.ndarray) -> dict[str, tuple[object, str]]:
    words = np.array(["never", "rarely", "often", "always"])[codes]
    return {
        "unordered": (
            pd.Series(pd.Categorical(words), name="mood"),
            "mood is an unordered Categorical; give the",
        ),
        "unordered values": (pd.Categorical(words), "y is an unordered Categorical"),
        "text": (pd.Series(words, name="mood"), "mood has the type str, not numbers, and so no order; give"),
        "objects": (pd.Series(words, name="mood", dtype=object), "mood has the type object, not numbers"),
        "nullable text": (
            pd.Series(words, name="mood", dtype="string"),
            "mood has the type string, not numbers",
        ),
        "array": (words, "y has the type <U6, not numbers"),
        "list": (list(words), "y has the type <U6, not numbers"),
        "two columns": (np.column_stack((codes, codes)), "has 2 columns; give one"),
    }


@pytest.mark.parametrize("kind", outcomes(np.arange(4)))
def test_an_outcome_without_an_order_is_refused(data, kind):
    outcome, message = outcomes(data["y"].to_numpy())[kind]
    with pytest.raises(ValueError, match=f"the outcome {message}"):
        OrdinalModel(outcome, data[["a", "c"]])
    if isinstance(outcome, pd.Series):
        with pytest.raises(ValueError, match=f"the outcome {message}"):
            OrdinalModel.from_formula("mood ~ a", data.assign(mood=outcome))


def test_a_formula_without_an_outcome_is_refused(data):
    with pytest.raises(ValueError, match=r"the formula 'a \+ c' has no outcome; write outcome ~ covariates"):
        OrdinalModel.from_formula("a + c", data)


def test_categories_made_within_a_formula_have_no_order(data):
    with pytest.raises(
        ValueError, match=r"the outcome C\(y\) of the formula gives categories without an order"
    ):
        OrdinalModel.from_formula("C(y) ~ a", data)


def test_an_ordered_categorical_keeps_its_order(data):
    words = pd.Categorical.from_codes(data["y"], ["never", "rarely", "often", "always"], ordered=True)
    expected = plain(data, data.index >= 0)
    for fitted in (
        OrdinalModel(words, data[["a", "c"]]).fit(),
        OrdinalModel(pd.Series(words), data[["a", "c"]]).fit(),
        OrdinalModel(pd.DataFrame({"mood": words}), data[["a", "c"]]).fit(),
        OrdinalModel.from_formula("mood ~ a + c", data.assign(mood=words)).fit(),
        OrdinalModel.from_formula("Q('my mood') ~ a + c", data.assign(**{"my mood": words})).fit(),
    ):
        np.testing.assert_allclose(fitted.params, expected.params, rtol=1e-9)
        assert fitted.model.categories == ["never", "rarely", "often", "always"]
