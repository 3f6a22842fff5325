"""kjpoll bands: what it proposes for a country that lacks bands, what it leaves alone, and what it says where it cannot."""

import csv
from dataclasses import replace

import duckdb
import pytest
from click.testing import CliRunner
from kjpoll.checks.band_proposals import DEFAULT_NOTE, PARTS_NOTE, MissingShare, proposals
from kjpoll.cli import main
from kjpoll.common.seed_file import SeedError
from statsmodels.stats.proportion import proportion_confint

HEADER = ("country", "question_id", "missing_type", "min_pct", "max_pct", "note")
ALPHA = 0.0026997960632601866  # of three standard errors on both sides


def share(question_id: str, wave: int, dont_know: int, no_answer: int, **cells) -> list[MissingShare]:
    """The two shares of a question of 1,000 people in FRA, asked of everyone."""
    one = MissingShare("FRA", question_id, "dont_know", f"FRA-{wave}", wave, True, True, dont_know, 1000)
    return [replace(one, **cells), replace(one, missing_type="no_answer", n=no_answer, **cells)]


def row(*cells: object) -> dict[str, str]:
    return dict(zip(HEADER, map(str, cells), strict=True))


TWO_WAVES = [
    *share("taxes", 2001, 50, 10),
    *share("taxes", 2002, 80, 0),
    *share("filtered", 2001, 300, 10, of_everyone=False),
    *share("filtered", 2002, 320, 10, of_everyone=False),
    *share("new", 2002, 60, 5),
]


def found(shares, rows=(), **options) -> list[tuple]:
    return [tuple(band.row.values()) for band in proposals(shares, rows, **options).bands]


def test_the_bounds_are_wilsons_at_three_standard_errors():
    for n in (0, 1, 500, 1000):
        (one, _) = share("taxes", 2001, n, 0)
        expected = proportion_confint(n, 1000, alpha=ALPHA, method="wilson")
        assert one.bounds() == pytest.approx([100 * bound for bound in expected], abs=1e-9)


def test_a_band_holds_every_wave_and_the_default_what_everyone_is_asked():
    assert found(TWO_WAVES) == [
        ("FRA", "", "dont_know", "0", "11", DEFAULT_NOTE),
        ("FRA", "", "no_answer", "0", "3", DEFAULT_NOTE),
        ("FRA", "filtered", "dont_know", "25", "37", ""),
        ("FRA", "filtered", "no_answer", "0", "3", ""),
        ("FRA", "taxes", "dont_know", "3", "11", ""),
        ("FRA", "taxes", "no_answer", "0", "3", ""),
    ]


def test_a_band_of_one_wave_is_a_guess():
    one = share("taxes", 2001, 50, 10)
    guess = "a guess from the wave 2001 alone"
    assert found(one) == [
        ("FRA", "", "dont_know", "0", "8", f"{DEFAULT_NOTE}; {guess}"),
        ("FRA", "", "no_answer", "0", "3", f"{DEFAULT_NOTE}; {guess}"),
    ]
    # The default would not hold a question that few are asked.
    outside = found([*one, *share("filtered", 2001, 300, 10, of_everyone=False)])
    assert outside[2:] == [
        ("FRA", "filtered", "dont_know", "25", "35", guess),
        ("FRA", "filtered", "no_answer", "0", "3", guess),
    ]
    assert found(one, each_question=True)[2:] == [
        ("FRA", "taxes", "dont_know", "3", "8", guess),
        ("FRA", "taxes", "no_answer", "0", "3", guess),
    ]


def test_rows_that_are_there_stay_and_count():
    rows = [
        row("FRA", "taxes", "dont_know", 2, 30, "as printed"),
        row("JPN", "filtered", "no_answer", 0, 1, ""),
    ]
    assert found(TWO_WAVES, rows) == [
        ("FRA", "", "dont_know", "0", "30", DEFAULT_NOTE),
        ("FRA", "", "no_answer", "0", "3", DEFAULT_NOTE),
        ("FRA", "filtered", "dont_know", "25", "37", ""),
        ("FRA", "filtered", "no_answer", "0", "3", ""),
        ("FRA", "taxes", "no_answer", "0", "3", ""),
    ]


def test_a_band_of_nothing_is_a_band():
    """An upper bound of 0, of which no sample is sound."""
    rows = [row("FRA", "taxes", "dont_know", 0, 0, "")]
    shares = share("taxes", 2001, 50, 10, eligible=False)
    assert [band for band in found(shares, rows) if band[1:3] == ("", "dont_know")] == [
        ("FRA", "", "dont_know", "0", "0", f"{DEFAULT_NOTE}; a guess from the wave 2001 alone")
    ]


def test_a_country_that_never_asked_everybody_has_a_default_of_all():
    halves = [
        *share("taxes", 2001, 50, 10, of_everyone=False),
        *share("taxes", 2002, 60, 10, of_everyone=False),
    ]
    assert found(halves)[:2] == [
        ("FRA", "", "dont_know", "0", "9", PARTS_NOTE),
        ("FRA", "", "no_answer", "0", "3", PARTS_NOTE),
    ]


def test_a_wide_band_says_why_and_one_that_none_may_be_is_left_open():
    wide = [*share("taxes", 2001, 50, 0), *share("taxes", 2002, 400, 0)]
    (band,) = [band for band in found(wide) if band[1:3] == ("taxes", "dont_know")]
    assert band[3:] == ("3", "45", "5.0% in FRA-2001, 40.0% in FRA-2002")
    too_wide = proposals([*share("taxes", 2001, 50, 0), *share("taxes", 2002, 900, 0)], [])
    assert [band.question_id for band in too_wide.bands] == ["", ""] and too_wide.bands[0].max_pct == 60
    assert too_wide.open == [
        "FRA taxes: its shares differ by more than the 60 points that a band may have; look at its samples"
    ]


def test_a_sample_whose_errors_come_first_counts_for_nothing():
    doubtful = [*share("taxes", 2001, 50, 10), *share("taxes", 2002, 900, 10, eligible=False)]
    (band,) = [band for band in found(doubtful) if band[1:3] == ("taxes", "dont_know")]
    assert band[3:] == ("3", "8", "a guess from the wave 2001 alone")
    nothing = proposals(
        [one for one in doubtful if not one.eligible] + share("taxes", 2001, 9, 9, eligible=False), []
    )
    assert nothing.bands == []
    assert nothing.open == ["FRA taxes: first comes what else is wrong in every sample that asked it"]


def test_a_bound_that_is_no_number_is_named():
    with pytest.raises(
        SeedError, match="max_pct is '3x', which is no whole number; correct the row FRA,taxes,"
    ):
        proposals(TWO_WAVES, [row("FRA", "taxes", "dont_know", 2, "3x", "")])


@pytest.fixture
def project(tmp_path):
    """A project of which the last build stopped at the gate."""
    (tmp_path / "build").mkdir()
    (tmp_path / "dbt_project/seeds/survey").mkdir(parents=True)
    (tmp_path / "dbt_project/dbt_project.yml").touch()
    seed(tmp_path).write_text(",".join(HEADER) + "\nFRA,taxes,no_answer,0,9,by hand\n", encoding="utf-8")
    with duckdb.connect(tmp_path / "build/warehouse.duckdb") as con:
        con.execute("create schema intermediate")
        con.execute(
            "create table intermediate.int_missing_share (country varchar, question_id varchar, missing_type varchar, "
            "sample_id varchar, n bigint, base_n bigint, is_eligible boolean)"
        )
        con.execute(
            "create table intermediate.int_asked (sample_id varchar, question_id varchar, wave smallint, universe varchar)"
        )
        for one in TWO_WAVES:
            con.execute(
                "insert into intermediate.int_missing_share values (?, ?, ?, ?, ?, ?, ?)",
                [
                    one.country,
                    one.question_id,
                    one.missing_type,
                    one.sample_id,
                    one.n,
                    one.base_n,
                    one.eligible,
                ],
            )
            if one.missing_type == "no_answer":
                con.execute(
                    "insert into intermediate.int_asked values (?, ?, ?, ?)",
                    [one.sample_id, one.question_id, one.wave, None if one.of_everyone else "of_some"],
                )
    return tmp_path


def seed(project):
    return project / "dbt_project/seeds/survey/missing_bands.csv"


def bands(project, *options: str):
    return CliRunner().invoke(main, ["bands", *options, "--project", str(project)])


def test_the_verb_shows_what_lacks_and_writes_when_asked(project):
    before = seed(project).read_text(encoding="utf-8")
    shown = bands(project)
    assert shown.exit_code == 0, shown.output
    assert seed(project).read_text(encoding="utf-8") == before
    assert "+FRA,taxes,dont_know,3,11,\n" in shown.output
    assert "-FRA" not in shown.output
    assert "5 row(s) lack; kjpoll bands --write adds them" in shown.output
    written = bands(project, "--write")
    assert written.exit_code == 0, written.output
    assert "5 row(s) added; read `git diff dbt_project/seeds/survey/missing_bands.csv`" in written.output
    rows = list(csv.DictReader(seed(project).read_text(encoding="utf-8").splitlines()))
    assert [tuple(cells.values())[:4] for cells in rows] == [
        ("FRA", "", "dont_know", "0"),
        ("FRA", "", "no_answer", "0"),
        ("FRA", "filtered", "dont_know", "25"),
        ("FRA", "filtered", "no_answer", "0"),
        ("FRA", "taxes", "dont_know", "3"),
        ("FRA", "taxes", "no_answer", "0"),
    ]
    assert rows[-1]["note"] == "by hand" and rows[1]["max_pct"] == "9"
    assert bands(project, "--write").output == "no row lacks\n"


def test_the_verb_says_which_bands_are_a_guess(project):
    shown = bands(project, "--each-question", "--country", "FRA")
    assert "+FRA,new,dont_know,4,9,a guess from the wave 2002 alone\n" in shown.output
    assert "from one wave alone, which is a guess: new\n" in shown.output


@pytest.mark.parametrize(
    ("damage", "options", "said"),
    [
        (lambda p: None, ["--country", "NIX"], "the last build has no shares of NIX, but of FRA; correct --country, or run `dbt build` first"),
        (lambda p: (p / "build/warehouse.duckdb").unlink(), [], "warehouse.duckdb does not exist; run `dbt build` first"),
        (lambda p: drop(p, "int_missing_share"), [], "has no shares of missing answers: it is of an older version, or stopped early; run `dbt build` first"),
        (lambda p: seed(p).unlink(), [], "missing_bands.csv does not exist; restore it from version control"),
        (lambda p: seed(p).write_text(",".join(HEADER) + "\nFRA,taxes,dont_know,0,x,\n"), [], "max_pct is 'x', which is no whole number"),
    ],
)  # fmt: skip
def test_the_verb_says_in_a_sentence_what_keeps_it(project, damage, options, said):
    damage(project)
    done = bands(project, *options)
    assert done.exit_code == 1
    assert said in done.output and "Traceback" not in done.output
    assert done.output.count("\n") == 1


def drop(project, table: str) -> None:
    with duckdb.connect(project / "build/warehouse.duckdb") as con:
        con.execute(f"drop table intermediate.{table}")
