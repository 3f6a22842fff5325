"""How much an earlier asking weighs in what is expected of a new wave."""

import math
from types import SimpleNamespace

import pytest
from kjpoll.onboarding.propose.share_fit import KnownAskings


def asking(wave: int, country: str = "FRA") -> SimpleNamespace:
    return SimpleNamespace(wave=wave, country=country, n=100, sample_id=f"{country}{wave}")


@pytest.mark.parametrize("wave", [3, 2023, 10_000])
def test_the_last_asking_weighs_most_however_long_ago(wave):
    known = KnownAskings(history=None, wave=wave, country="FRA")
    near, far = known.nearest([asking(1), asking(2), asking(2, "DEU")], here=True)
    assert (near[0].wave, near[1]) == (2, 1.0)
    assert (far[0].wave, far[1]) == (1, pytest.approx(math.exp(-1 / 2)))
    assert known.nearest([asking(1)], here=False) == []
