"""What dbt prints of a Python model's error is its message, where the error is for who runs the build."""

import traceback

import pytest
from kjpoll.checks.gate import GateClosed
from kjpoll.landing import LandingError, Problem


@pytest.mark.parametrize(
    ("error", "printed"),
    [
        (GateClosed("1 violation(s) stop the build"), "kjpoll.checks.gate.GateClosed: 1 violation(s) stop the build\n"),
        (
            LandingError([Problem("no_rows", "a.csv", None, "it is empty", "Ask")]),
            "kjpoll.landing.problems.LandingError: 1 problem in the raw wave files:\n  a.csv (no sample): it is empty. Ask.\n",
        ),
    ],
)  # fmt: skip
def test_the_message_alone_is_printed(error, printed):
    with pytest.raises(type(error)) as raised:
        raise error
    # As dbt-duckdb prints it.
    assert "".join(traceback.format_exception(raised.value)) == printed
    # And who catches it still learns where it was raised.
    assert raised.traceback[-1].name == "test_the_message_alone_is_printed"
