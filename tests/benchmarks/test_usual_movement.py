"""The usual movement is found again in changes that are made up with one, and a wave teaches itself nothing."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmarks import usual_movement as benchmark

pytestmark = pytest.mark.long

N_EFFECTIVE = 667.0


def made_up(movement: float, degrees: int = 8, n: int = 6000) -> pd.DataFrame:
    """Shares near 50% that move by Student's t as drift has it: movement and sampling error together."""
    chance = np.random.default_rng(1)
    scale = np.sqrt(0.25 * (2 / N_EFFECTIVE + 4 * (movement / 100) ** 2))
    change = scale * stats.t.rvs(degrees, size=n, random_state=chance)
    return pd.DataFrame(
        {
            "sample_id": [f"KOR-{2014 + i % 8}" for i in range(n)],
            "wave": 2014 + np.arange(n) % 8,
            "previous_wave": 2013 + np.arange(n) % 8,
            "question_id": [f"q{i}" for i in range(n)],
            "is_fact": False,
            "earlier": 0.5 - change / 2,
            "later": 0.5 + change / 2,
            "earlier_n": N_EFFECTIVE,
            "later_n": N_EFFECTIVE,
            "n_questions": 20,
            "n_tests": 2600,
        }
    )


@pytest.mark.parametrize("movement", [3.0, 9.4])
def test_the_movement_is_found_again(movement):
    assert benchmark.usual_movement(made_up(movement), 8) == pytest.approx(movement, rel=0.05)


def test_without_movement_sampling_error_is_enough():
    still = made_up(0)
    half = still.assign(later=still["earlier"] + (still["later"] - still["earlier"]) / 2)
    assert benchmark.usual_movement(half, 8) == 0


def test_a_few_great_changes_do_not_matter():
    changes = made_up(9.4)
    great = changes.copy()
    great.loc[great.index % 20 == 0, ["earlier", "later"]] = 0.05, 0.95
    assert benchmark.usual_movement(great, 8) == pytest.approx(benchmark.usual_movement(changes, 8), rel=0.12)


def test_the_degrees_of_freedom_that_made_the_changes_fit_best():
    changes = made_up(9.4, degrees=4, n=20000)
    assert max((2, 4, 8, 30), key=lambda degrees: benchmark.log_likelihood(changes, degrees)) == 4


def test_a_wave_is_tested_with_what_the_others_teach():
    """In one year everything moves by 45 points, which is a jump by the others and would be usual by itself."""
    changes = made_up(3.0, n=400)
    moved = changes["wave"] == 2016
    changes.loc[moved, "earlier"], changes.loc[moved, "later"] = 0.3, 0.75
    jumps = benchmark.in_turn(changes, changes, 8, 0.05)
    assert jumps[moved].all() and jumps[~moved].mean() < 0.01
    itself = benchmark.usual_movement(changes[moved], 8)
    assert not benchmark.Rule(itself, 8, 0.05).jumps(changes[moved]).any()


def test_a_fact_does_not_move():
    changes = made_up(9.4, n=10).assign(earlier=0.5, later=0.7)
    rule = benchmark.Rule(9.4, 8, 0.05)
    assert not rule.jumps(changes).any()
    assert rule.jumps(changes.assign(is_fact=True)).all()


def test_an_error_is_added_either_way_and_leaves_no_share_impossible():
    changes = made_up(9.4, n=2).assign(earlier=[0.5, 0.9], later=[0.5, 0.95])
    wrong = benchmark.with_error(changes, 10)
    assert sorted(round(share, 6) for share in wrong["later"]) == [0.4, 0.6, 0.85]


def test_the_build_takes_what_its_published_numbers_teach(built):
    """Whichever year is left out, the setting is between what the others say; and the rule is the build's."""
    with duckdb.connect(str(built.build_file), read_only=True) as con:
        changes, rule = con.execute(benchmark.CHANGES).df(), benchmark.settings(con)
        drift = con.execute(
            "select t, p_adjusted, is_jump, n_questions from quality.drift inner join (select sample_id, "
            "count(distinct question_id) as n_questions from quality.drift where t is not null group by all) using (sample_id) "
            "where t is not null"
        ).df()
    without = [
        benchmark.usual_movement(benchmark.others(changes, wave), rule.degrees)
        for wave in changes["wave"].unique()
    ]
    assert min(without) <= rule.movement <= max(without)
    p_value = 2 * stats.t.sf(drift["t"].abs(), rule.degrees)
    np.testing.assert_allclose(
        drift["p_adjusted"], np.minimum(1, p_value * drift["n_questions"]), rtol=1e-6, atol=1e-12
    )
    assert (drift["is_jump"] == (drift["p_adjusted"] < rule.alpha)).all() and drift["is_jump"].any()
    stopped = benchmark.stopped(changes, benchmark.in_turn(changes, changes, rule.degrees, rule.alpha))
    assert len(stopped) <= changes["sample_id"].nunique() / 20
