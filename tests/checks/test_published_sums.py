"""Which shares follow from published sums."""

import pandas as pd
import pytest
from kjpoll.checks.published_sums import constrained_shares

CATEGORIES = {"good": "positive", "fair": "positive", "middle": "neither", "bad": "negative", "unsure": None}


def fixed(*sums: str, basis: str = "published", answer_type: str = "ordinal") -> set[str]:
    """The shares that these published sums fix, each the categories joined by semicolons."""
    nets = {
        net: ";".join(name for name, its in CATEGORIES.items() if its == net)
        for net in ("positive", "negative")
    }
    options = [("category", name, name) for name in CATEGORIES] + [
        ("net", net, text) for net, text in nets.items()
    ]
    of = {"sample_id": "KOR-2023", "question_id": "feeling"}
    found = constrained_shares(
        pd.DataFrame(
            [of | {"categories": text, "basis": basis, "source_id": f"s{len(text)}"} for text in sums],
            columns=[*of, "categories", "basis", "source_id"],
        ),
        pd.DataFrame(
            [of | {"answer_type": answer_type, "grouping": grouping, "option_id": name, "categories": text}
             for grouping, name, text in options]
        ),
    )  # fmt: skip
    return set(found["option_id"])


@pytest.mark.parametrize(
    ("sums", "expected"),
    [
        # A net and one of its two options fix the other.
        (("good;fair", "good"), {"good", "fair", "positive"}),
        # All but one of the answers fix the last, with what they sum to.
        (("good;fair", "middle", "bad"), {"positive", "middle", "bad", "negative", "unsure"}),
        # Both ends published leave the middle and the unsure together.
        (("good;fair", "bad"), {"positive", "bad", "negative"}),
        # Two groups that overlap: their difference is no category's share, but with the shared one known it is.
        (("good;middle", "middle;bad"), set()),
        (("good;middle", "middle;bad", "middle"), {"good", "middle", "bad", "negative"}),
        # Three pairs of three categories fix each.
        (("good;fair", "fair;middle", "good;middle"), {"good", "fair", "middle", "positive"}),
        ((), set()),
    ],
)  # fmt: skip
def test_a_share_is_fixed_where_it_is_a_combination_of_sums(sums, expected):
    assert fixed(*sums) == expected


def test_sums_of_round_numbers_fix_nothing():
    assert fixed("good;fair", "good", basis="rounded") == set()
    assert fixed("good;fair", "good", basis="derived") == {"good", "fair", "positive"}


def test_where_several_answers_are_given_nothing_sums_to_a_hundred():
    assert fixed("good;fair", "good", answer_type="multiple") == set()
