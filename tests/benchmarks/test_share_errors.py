"""The benchmark of shares tells an interval that holds the truth from one that is too narrow."""

import numpy as np
import pytest

from benchmarks.share_errors import DESIGNS, setting, shares_and_trends
from benchmarks.simulated_polls import N, Poll, from_tables, moved, opinions

pytestmark = [pytest.mark.slow, pytest.mark.long]


@pytest.mark.parametrize("design", DESIGNS)
def test_intervals_hold_the_truth_of_the_public(rehearsal, design):
    found = {
        what: right.mean()
        for what, _, right in shares_and_trends(rehearsal, 6, DESIGNS[design], np.random.default_rng(3))
    }
    assert 0.9 < found["intervals of nets hold the truth"] < 0.99
    assert 0.02 < found["`p_value` below 0.05"] < 0.1


def test_errors_that_are_too_small_are_seen(rehearsal, monkeypatch):
    """As if a sample were four times as large as it is."""
    draw = Poll.draw

    def four_times_as_sure(self, random):
        tables = draw(self, random)
        return tables | {"samples": tables["samples"].assign(design_effect=0.25)}

    monkeypatch.setattr(Poll, "draw", four_times_as_sure)
    found = {
        what: right.mean() for what, _, right in shares_and_trends(rehearsal, 6, {}, np.random.default_rng(3))
    }
    assert found["intervals of nets hold the truth"] < 0.8
    assert found["`p_value` below 0.05"] > 0.2


def test_weights_undo_that_groups_take_part_unequally(rehearsal):
    """Without them the shares are those of the groups that take part most."""
    random = np.random.default_rng(4)
    public = opinions(4, random)
    poll = Poll(np.stack([public, public], axis=1), weighted=True)
    con = from_tables(rehearsal, poll.draw(random), ("topline_net",))
    nets = con.sql("select * from analysis.topline_net").df()
    nets = nets.merge(poll.truth(), on=["country", "wave", "question_id", "net"])
    positive = nets[nets["net"] == "positive"]
    assert abs((positive["pct"] - positive["true_pct"]).mean()) < 0.5
    assert abs((positive["pct_unweighted"] - positive["true_pct"]).mean()) > 2
    assert set(nets["base_n"]) == {N}


def test_opinions_move_as_the_settings_of_drift_say(rehearsal):
    random = np.random.default_rng(5)
    movement = setting(rehearsal, "usual_movement") / 100
    public = opinions(400, random)
    before, after = (shares.mean(axis=2) for shares in (public, moved(public, movement, 8, random)))
    both = (before + after) / 2
    t = (after - before) / (2 * movement * np.sqrt(both * (1 - both)))
    # The upper quartile of |t| of Student's t with 8 degrees of freedom.
    assert np.median(np.abs(t)) == pytest.approx(0.706, rel=0.05)
