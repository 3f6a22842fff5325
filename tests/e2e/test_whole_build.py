"""What a whole build releases, and what readers see while it runs."""

import hashlib
import json
import subprocess
import sys
from ast import literal_eval
from pathlib import Path

import duckdb
import pytest


def test_readers_have_the_old_release_until_the_new_one(first_build, built):
    assert first_build.seen["failed"] == []
    seen = [literal_eval(rows)[0] for rows in first_build.seen["ok"]]
    n_old = seen.count(("older", 0))
    new = built.query("select release_id from quality.release order by built_at desc limit 1")[0][0]
    assert n_old > 20 and len(seen) > n_old
    assert seen == [("older", 0)] * n_old + [(new, 22)] * (len(seen) - n_old)


def test_the_replaced_release_stays_beside_the_new_one(first_build, built):
    previous = built.root / "releases" / "older.duckdb"
    assert hashlib.sha256(previous.read_bytes()).hexdigest() == first_build.older_sha256
    assert built.query("select release_id from quality.release order by built_at")[0][0] == "older"
    assert built.left_over() == []


def test_samples_respondents_questions(built):
    expected = {row["sample_id"]: int(row["n_expected"]) for row in built.seed("survey/samples")}
    found = dict(built.query("select sample_id, count(*) from marts.dim_respondent group by all"))
    assert found == expected
    assert len(found) == 22 and sum(found.values()) == 22_099
    assert built.query("select count(*) from marts.panel") == [(22_099,)]
    (asked,) = built.query(
        "select count(distinct question_id) from marts.availability where asked and n_answered > 0"
    )
    assert asked[0] == len(built.seed("survey/questions")) > 30


def test_every_usable_published_percentage_is_judged_and_agrees(built):
    for seed in ("toplines", "demographics"):
        rows = built.seed(f"published/{seed}")
        usable = [row for row in rows if row["legibility"] not in ("conflict", "illegible")]
        assert len(usable) > 90
        counted = built.query(
            "select count(*), count(*) filter (eligible), count(*) filter (eligible and agrees) "
            "from quality.reconciliation_topline where published_in = ?",
            seed,
        )
        assert counted == [(len(rows), len(usable), len(usable))]


def test_agreement_of_percentages_is_no_matter_of_a_flag(built):
    """The stored verdict, checked again from the stored numbers and from the answers themselves."""
    rows = built.query(
        "select published_pct, warehouse_n, warehouse_base_n from quality.reconciliation_topline "
        "where eligible and legibility <> 'rounded'"
    )
    assert len(rows) > 400
    for printed, n, base_n in rows:
        assert (2000 * n + base_n) // (2 * base_n) == round(printed * 10), (printed, n, base_n)
    (wave, country, question, category, n), *_ = built.query(
        "select r.wave, r.country, r.question_id, r.option_id, r.warehouse_n "
        "from quality.reconciliation_topline r join marts.dim_category c "
        "on r.question_id = c.question_id and r.option_id = c.category_id "
        "where eligible and r.question_id = 'current_relations' order by all desc"
    )
    assert built.query(
        "select count(*) from marts.fct_response where (wave, country, question_id, category_id) = (?, ?, ?, ?)",
        wave, country, question, category,
    ) == [(n,)]  # fmt: skip


def test_every_claim_is_judged_and_holds(built):
    claims = {row["claim_id"] for row in built.seed("published/claims")}
    held = built.query("select claim_id from quality.reconciliation_claim where eligible and agrees")
    assert {row[0] for row in held} == claims and len(held) == 113


def test_the_printed_regression_tables(built):
    counted = built.query(
        "select count(*), count(*) filter (eligible), count(*) filter (eligible and agrees), "
        "count(*) filter (eligible and close) from quality.reconciliation_regression"
    )
    rows, eligible, agree, close = counted[0]
    assert (rows, eligible, close) == (254, 248, 248) and agree >= 236


@pytest.mark.parametrize("sample_id", ["KOR-2022", "JPN-2022", "KOR-2023", "JPN-2023"])
def test_the_korean_government_is_rated_in_question_14(built, sample_id):
    assert built.query(
        "select asked, question_number from marts.availability "
        "where question_id = 'korean_gov_attitude' and sample_id = ?",
        sample_id,
    ) == [(True, "Q14")]


QUERIES = [
    "select count(*) as n from marts.fct_response",
    "select wave, country, category_id, n, base_n from topline_of('impression_of_counterpart') order by all",
    "select country, wave, net, n, comparability_break from trend_of('current_relations') order by all",
    "select wave, country, by_category_id, category_id, n from crosstab('impression_of_counterpart', 'sex') order by all",
    (
        "select wave, country, category_id, by_category_id, n, letter, higher_than "
        "from crosstab_tested('reasons_bad_impression', 'series') order by all"
    ),
    "select release_id, content_hash, n_respondents from quality.release order by built_at",
    "from where_from('KOR-2023-0001', null)",
    "select * exclude (sample_id) from where_used('KOR-2023', 'Q4')",
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_client_of_the_1_series_reads_the_same(built, query):
    client = str(Path(sys.executable).with_name("duckdb"))
    version = subprocess.run([client, "--version"], capture_output=True, text=True, check=True).stdout
    assert version.startswith("v1.")
    done = subprocess.run(
        [client, "-readonly", "-json", str(built.release), query], capture_output=True, text=True, check=True
    )
    with duckdb.connect(built.release, read_only=True) as con:
        result = con.execute(query)
        names = [column[0] for column in result.description]
        expected = [dict(zip(names, row)) for row in result.fetchall()]
    assert json.loads(done.stdout) == expected and expected


def test_the_macros_say_what_the_tables_say(built):
    assert built.query("select count(*) from topline_of('impression_of_counterpart')") == built.query(
        "select count(*) from analysis.topline where question_id = 'impression_of_counterpart'"
    )
    cross = built.query("select sum(n) from crosstab('impression_of_counterpart', 'sex') where wave = 2023")
    both = built.query(
        "select count(*) from marts.panel p join marts.fct_response i using (respondent_id) "
        "join marts.fct_response s using (respondent_id) where p.wave = 2023 "
        "and i.question_id = 'impression_of_counterpart' and s.question_id = 'sex' "
        "and i.answer_status <> 'skipped' and s.answer_status <> 'skipped'"
    )
    assert cross == both and both[0][0] > 1900
