"""While the release is held no build replaces it; who, when and why are said until the hold is lifted."""

import json

import pytest
from click.testing import CliRunner
from kjpoll.cli import main
from kjpoll.common.release_hold import Hold, held, hold_path
from kjpoll.release import ReleaseError, lift_hold, publish, put_hold

HOLD = Hold("A. Steward", "2026-11-30T10:00:00+00:00", "JPN-2015 was weighted twice")
SAID = "is held by A. Steward since 2026-11-30 10:00 UTC (JPN-2015 was weighted twice); `kjpoll rollback --lift-hold` lifts the hold"
BY = ("--reason", HOLD.reason, "--by", HOLD.by)


@pytest.fixture
def two(build):
    """A build of which two contents were released; the ids of both."""
    build.con.execute("delete from quality.release")
    ids = []
    for hour, content in enumerate("ab"):
        build.fill(content, rows=10, hour=hour)
        ids.append(build.true_row())
        publish(build.con, build.release)
    return ids


def kjpoll(build, verb, *arguments):
    result = CliRunner().invoke(main, [verb, *arguments, "--warehouse", str(build.release)])
    assert not isinstance(result.exception, Exception), result.exception
    return result


def contents(build):
    return {
        path.relative_to(build.release.parent): path.read_bytes()
        for path in build.release.parent.rglob("*")
        if path.is_file()
    }


def test_no_build_replaces_a_held_release(build):
    publish(build.con, build.release)
    put_hold(build.release, HOLD)
    before = contents(build)
    build.fill("second", hour=1)
    with pytest.raises(ReleaseError) as refused:
        publish(build.con, build.release)
    assert str(refused.value) == f"{build.release} {SAID}" and contents(build) == before
    lift_hold(build.release)
    assert held(build.release) == "" and publish(build.con, build.release)["released"].item()


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b"\xff", b'{"by": "x", "since": "soon", "reason": "y"}']
)
def test_a_hold_that_cannot_be_read_holds_too(build, content):
    publish(build.con, build.release)
    hold_path(build.release).parent.mkdir()
    hold_path(build.release).write_bytes(content)
    build.fill("second", hour=1)
    with pytest.raises(
        ReleaseError, match="is held, by a file that .*hold.json .*--lift-hold` lifts the hold"
    ):
        publish(build.con, build.release)
    assert kjpoll(build, "rollback", "--lift-hold").exit_code == 0
    publish(build.con, build.release)


def test_a_roll_back_is_held_until_somebody_lifts_it(build, two, read):
    done = kjpoll(build, "rollback", "previous", "--hold", *BY)
    assert done.exit_code == 0 and f"is release {two[0]} now. {two[1]} is kept" in done.stdout
    assert "is held by A. Steward since" in done.stdout and "The next build releases" not in done.stdout
    assert "until then no build and no `kjpoll ingest` releases" in done.stdout
    with pytest.raises(ReleaseError, match="is held by A. Steward"):
        publish(build.con, build.release)
    assert read(build.release, "select distinct content from marts.response") == [("a",)]
    # Another may be put back meanwhile, and is held as well.
    done = kjpoll(build, "rollback", two[1])
    assert done.exit_code == 0 and "is held by A. Steward" in done.stdout
    lifted = kjpoll(build, "rollback", "--lift-hold")
    assert lifted.exit_code == 0 and "is not held any more" in lifted.stdout
    again = kjpoll(build, "rollback", "--lift-hold")
    assert again.exit_code == 1 and "is not held" in again.stderr


def test_the_present_release_can_be_held(build, two):
    before = build.release.read_bytes()
    done = kjpoll(build, "rollback", "--hold", *BY)
    assert done.exit_code == 0 and build.release.read_bytes() == before and HOLD.reason in held(build.release)


def test_a_roll_back_that_fails_leaves_no_hold(build, two):
    before = contents(build)
    failed = kjpoll(build, "rollback", "zzz", "--hold", *BY)
    assert failed.exit_code == 1 and "no release begins so" in failed.stderr and contents(build) == before


def test_a_hold_takes_no_other_s_place(build, two):
    put_hold(build.release, HOLD)
    before = contents(build)
    failed = kjpoll(build, "rollback", "previous", "--hold", "--reason", "x", "--by", "B")
    assert failed.exit_code == 1 and SAID in failed.stderr and contents(build) == before


def test_the_releases_say_that_they_are_held(build, two):
    put_hold(build.release, HOLD)
    assert kjpoll(build, "releases").stdout.rstrip().endswith(SAID)
    listed = kjpoll(build, "releases", "--format", "json")
    assert len(json.loads(listed.stdout)) == 2 and SAID in listed.stderr


def test_nothing_is_held_where_nothing_was_released(build):
    failed = kjpoll(build, "rollback", "--hold", *BY)
    assert failed.exit_code == 1 and "nothing was released yet, so there is nothing to hold" in failed.stderr


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ((), "Missing argument 'RELEASE'; `kjpoll releases` lists them"),
        (("previous", "--hold"), "say why the release is held: --reason"),
        (("previous", "--hold", "--reason", " "), "say why the release is held: --reason"),
        (("previous", "--reason", "x"), "add --hold"),
        (("previous", "--lift-hold"), "--lift-hold stands alone"),
        (("--hold", "--reason", "x"), "git has no user.name here; say who does this: --by NAME"),
    ],
)
def test_what_a_hold_asks_for(build, monkeypatch, options, error):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    failed = kjpoll(build, "rollback", *options)
    assert failed.exit_code == 2 and error in failed.stderr
