"""The ten models against the printed tables, cell by cell."""

import pandas as pd
import pytest
from regression_data import SEEDS, core_answers, published_specifications

from tests.support.long_answers import fit_models


@pytest.fixture(scope="module")
def fitted() -> pd.DataFrame:
    answers = pd.concat([core_answers("KOR"), core_answers("JPN")])
    return fit_models(*published_specifications(), answers)


@pytest.fixture(scope="module")
def compared(fitted) -> pd.DataFrame:
    printed = pd.read_csv(SEEDS / "published" / "regression_tables.csv", dtype=str)
    printed = printed[printed["kind"] != "n_obs"].astype({"printed_table": int, "model": int})
    key = ["printed_table", "model", "kind", "term", "category_id"]
    fitted = fitted[[*key, "estimate", "statistic", "stars"]].rename(
        columns={"estimate": "ours", "statistic": "our_t", "stars": "our_stars"}
    )
    printed, fitted = (
        frame.assign(category_id=frame["category_id"].fillna("")) for frame in (printed, fitted)
    )
    merged = printed.merge(fitted, on=key, how="outer", indicator=True)
    assert (merged["_merge"] == "both").all(), merged[merged["_merge"] != "both"]
    assert len(merged) == 122
    return merged


def as_printed(value: float, printed: str) -> bool:
    decimals = len(printed.split(".")[1])
    return f"{value:.{decimals}f}" == printed


def test_estimates_are_within_a_thousandth(compared):
    legible = compared[compared["estimate"].notna()]
    assert len(legible) == 121
    off = (legible["ours"] - legible["estimate"].astype(float)).abs() > 0.001
    assert not off.any(), legible[off]


def test_t_statistics_are_within_their_tolerance(compared):
    off = (compared["our_t"] - compared["t_stat"].astype(float)).abs() > 0.015
    assert not off.any(), compared[off]


def test_stars_are_equal(compared):
    legible = compared[compared["estimate"].notna()]
    off = legible["stars"].fillna("") != legible["our_stars"]
    assert not off.any(), legible[off]


def test_n_obs_are_equal(fitted):
    n_obs = fitted.drop_duplicates("model_id").set_index(["printed_table", "model"])["n_obs"]
    printed = pd.read_csv(SEEDS / "published" / "regression_tables.csv", dtype=str)
    printed = printed[(printed["kind"] == "n_obs") & printed["estimate"].notna()]
    assert len(printed) == 5
    for row in printed.itertuples():
        assert n_obs[int(row.printed_table), int(row.model)] == int(row.estimate), row
    # Illegible in print; implied by the printed standard errors.
    assert [n_obs[2, model] for model in range(1, 6)] == [705, 548, 471, 471, 471]


def test_nearly_all_cells_come_out_as_printed(compared, fitted):
    estimates = compared[compared["estimate"].notna()]
    equal = sum(map(as_printed, estimates["ours"], estimates["estimate"]))
    equal += sum(map(as_printed, compared["our_t"], compared["t_stat"]))
    equal += 5  # the five legible N, exact by test_n_obs_are_equal
    assert len(estimates) + len(compared) + 5 == 248
    assert equal >= 236, f"{equal} of 248 cells equal the published ones"


def test_positions_and_order_are_those_published(fitted):
    model = fitted[fitted["model_id"] == "table1_model5"]
    assert list(model["term_position"]) == list(range(1, 18))
    shown = [f"{t}:{c}" if isinstance(c, str) else t for t, c in zip(model["term"], model["category_id"])]
    assert shown == [
        "korean_gov_attitude",
        "japanese_gov_attitude",
        "importance_of_relations",
        "economic_relations:competitive",
        "economic_relations:not_sure",
        "fukushima_water:trust_but_more_effort",
        "fukushima_water:oppose_regardless_of_iaea",
        "fukushima_water:oppose_iaea_untrusted",
        "fukushima_water:not_sure",
        "security_cooperation_vs_dprk",
        "impression_of_china",
        "ideology",
        "age_group",
        "cut1",
        "cut2",
        "cut3",
        "cut4",
    ]
    assert list(dict.fromkeys(fitted["model_id"])) == [
        f"table{t}_model{m}" for t in (1, 2) for m in range(1, 6)
    ]


def test_model_figures_hang_together(fitted):
    models = fitted.drop_duplicates("model_id")
    assert (models["n_sample"] - models["n_dropped"] == models["n_obs"]).all()
    by_status = models[["n_dropped_dont_know", "n_dropped_no_answer", "n_dropped_skipped"]]
    assert (by_status.sum(axis=1) == models["n_dropped"]).all()
    assert (models["gradient_norm"] < 1e-6).all() and models["converged"].all()
    lr = 2 * (models["log_likelihood"] - models["log_likelihood_null"])
    assert (models["chi2"] - lr).abs().max() < 1e-7
    assert models["spec_hash"].nunique() == 10
    assert fitted.loc[fitted["kind"] == "cut_point", "odds_ratio"].isna().all()
    assert fitted.loc[fitted["kind"] == "coefficient", "odds_ratio"].notna().all()
