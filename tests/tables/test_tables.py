"""What a table says: digits, order, numbers of levels, notes, and errors that say what to do."""

import csv
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from kjpoll.cli import main
from kjpoll.tables import numbers
from kjpoll.tables.layout import arrange
from kjpoll.tables.rendered_table import render
from kjpoll.tables.table_error import TableError
from kjpoll.tables.warehouse import read
from small_warehouse import MODEL, terms

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (0.06641, "0.0664"),
        (0.5656, "0.566"),
        (3.0812, "3.081"),
        (0.09, "0.0900"),
        (0.09999, "0.100"),
        (-0.0099996, "-0.0100"),
        (12.34567, "12.346"),
        (0.0, "0.000"),
        (-0.0, "0.000"),
        (1.234e-9, "1.23e-09"),
        (None, ""),
        (float("nan"), ""),
    ],
)
def test_estimates_have_three_digits_and_three_decimals(value, printed):
    assert numbers.estimate(value) == printed


@given(st.floats(1e-5, 1e5), st.booleans())
def test_an_estimate_is_printed_to_within_half_of_its_last_digit(size, negative):
    value = -size if negative else size
    printed = numbers.estimate(value)
    decimals = len(printed.partition(".")[2])
    assert decimals >= 3 and len(printed.replace(".", "").lstrip("-0")) >= 3
    assert abs(float(printed) - value) <= 0.5000001 * 10**-decimals


def test_t_has_two_decimals_and_no_negative_zero():
    assert [numbers.statistic(value) for value in (6.043, -0.004, None)] == ["(6.04)", "(0.00)", ""]
    halves = [numbers.percent(value) for value in (61.25, 61.75, 28.85, -0.04, 100, None)]
    assert halves == ["61.3", "61.8", "28.9", "0.0", "100.0", ""]


@pytest.mark.parametrize("table", ["1", "2"])
def test_the_published_numbers_come_out_as_they_were_printed(warehouse, table):
    published = [row for row in _seed("published/regression_tables") if row["printed_table"] == table]
    specification = {(row["model_id"], row["term"]): row for row in _seed("analysis/regression_terms")}
    _publish(warehouse, published, specification)
    printed = render(warehouse.write(), [table]).decode()

    cells = [row for row in published if row["kind"] != "n_obs"]
    entries = [row["estimate"] + row["stars"] for row in cells if row["estimate"]]
    t_statistics = [f"({row['t_stat']})" for row in cells]
    body = printed.split("cut4")[0] + "cut4" + printed.split("cut4")[1].split("---")[0]
    assert re.findall(r"(?<=\s)-?\d+\.\d+\**(?=\s)", body) == entries
    assert re.findall(r"\(-?\d+\.\d+\)", body) == t_statistics
    sizes = [row["estimate"] for row in published if row["kind"] == "n_obs" and row["estimate"]]
    if sizes:
        assert re.search(r"^N\s+(.*)$", printed, re.MULTILINE)[1].split() == sizes


def _publish(warehouse, published, specification):
    """The published numbers as the rows of a warehouse."""
    models, rows = {}, []
    for place, row in enumerate(published, 1):
        model_id = f"table{row['printed_table']}_model{row['model']}"
        size = row["estimate"] if row["kind"] == "n_obs" else None
        models[model_id] = MODEL | {
            "model_id": model_id,
            "printed_table": int(row["printed_table"]),
            "model": int(row["model"]),
            "n_obs": int(size or 0),
        }
        if row["kind"] != "n_obs":
            rows.append(
                {
                    "model_id": model_id,
                    "variant": "published",
                    "term_position": place,
                    "kind": row["kind"],
                    "term": row["term"],
                    "category_id": row["category_id"] or None,
                    "std_error": 1.0,
                    "stars": row["stars"],
                    "reference_category": specification.get((model_id, row["term"]), {}).get(
                        "reference_category"
                    ),
                    # The one estimate that cannot be read in the published table.
                    "estimate": float(row["estimate"] or "nan"),
                    "statistic": float(row["t_stat"]),
                }
            )
    questions = _seed("survey/questions")
    used = {row["term"] for row in rows}
    sets = {row["question_id"]: row["category_set"] for row in questions if row["question_id"] in used}
    warehouse.rows["analysis.regression_model"] = list(models.values())
    warehouse.rows["analysis.regression_term"] = rows
    warehouse.rows["marts.dim_question"] = [
        {key: row[key] for key in ("question_id", "label_en", "label_ko", "label_ja", "answer_type")}
        for row in questions
    ]
    warehouse.rows["marts.dim_category"] = [
        {
            "question_id": question,
            "category_id": row["category_id"],
            "position": int(row["position"]) if row["position"] else None,
            "missing_type": row["missing_type"] or None,
            "label_en": row["label_en"],
            "label_ko": row["label_ko"],
            "label_ja": row["label_ja"],
        }
        for question, name in sets.items()
        for row in _seed("survey/categories")
        if row["category_set"] == name
    ]


def _seed(name):
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_levels_stand_by_number_and_answers_without_one_go_on(warehouse):
    table = arrange(read(warehouse.write()), "1")
    assert [(row.kind, row.label) for row in table.rows if row.term == "trade"] == [
        ("heading", "Nature of trade <goods_only>"),
        ("level", "2. Mutually competitive"),
        ("level", "3. Not sure"),
    ]


def test_a_model_of_two_countries_has_interactions_by_their_labels(warehouse):
    (model,) = [row for row in warehouse.rows["analysis.regression_model"] if row["model_id"] == "pooled"]
    model |= {"series": "JPN;KOR", "first_wave": 2023, "last_wave": 2023}
    (row,) = terms("pooled")[:1]
    warehouse.rows["analysis.regression_term"] = [
        row | {"term": term, "category_id": level, "reference_category": reference, "term_position": place}
        for place, (term, level, reference) in enumerate(
            (
                ("attitude", None, None),
                ("country", "KOR", "JPN"),
                ("attitude:age", None, None),
                ("trade:age", "competitive", "complementary"),
                ("trade:country", "competitive:KOR", "complementary:JPN"),
            ),
            1,
        )
    ]
    table = arrange(read(warehouse.write()), "pooled")
    attitude = "Government's attitude, in % & more: a label that takes two lines"
    assert [(row.kind, row.label) for row in table.rows][1:8] == [
        ("heading", "Country"),
        ("level", "South Korea"),
        ("term", f"{attitude} × Age group"),
        ("heading", "Nature of trade <goods_only> × Age group"),
        ("level", "2. Mutually competitive"),
        ("heading", "Nature of trade <goods_only> × Country"),
        ("level", "2. Mutually competitive × South Korea"),
    ]
    assert "Japan 2023, South Korea 2023" in table.title
    assert any("Country = Japan" in note and "×" not in note for note in table.notes)


def test_a_term_that_only_a_later_model_has_stands_before_the_term_that_follows_it(warehouse):
    warehouse.rows["analysis.regression_term"] = [
        row | {"term": name, "category_id": None, "term_position": place, "model_id": model}
        for model, names in (
            ("table1_model1", ["attitude", "age"]),
            ("table1_model2", ["attitude", "trade", "age"]),
        )
        for place, name in enumerate(names, 1)
        for row in terms("table1_model1")[:1]
    ]
    rows = arrange(read(warehouse.write()), "1").rows
    assert [row.term for row in rows] == ["attitude", "trade", "age", "n_obs", "share"]


def test_favourability_turns_signs_and_counts_cut_points_from_the_other_end(warehouse):
    source = read(warehouse.write())
    plain, turned = (arrange(source, "1", favourability=flag).rows for flag in (False, True))
    cuts = [[row.cells[0] for row in rows if row.kind == "cut_point"] for rows in (plain, turned)]
    assert [cell.estimate for cell in cuts[0]] == ["0.511", "3.081"]
    assert [(cell.estimate, cell.stars, cell.statistic) for cell in cuts[1]] == [
        ("-3.081", "***", "(-11.14)"),
        ("-0.511", "", "(-1.75)"),
    ]
    assert turned[0].cells[0].estimate == "-0.566" and turned[0].cells[1].estimate == "0.0664"


@pytest.mark.parametrize(
    ("synthetic", "said"),
    [
        ({"KOR-2023": True, "JPN-2023": True}, "The data are synthetic"),
        ({"KOR-2023": False, "JPN-2023": True}, "The data of JPN-2023 are synthetic"),
        ({"KOR-2023": False, "JPN-2023": False}, None),
    ],
)
def test_synthetic_data_are_said_to_be(warehouse, synthetic, said):
    for row in warehouse.rows["marts.dim_sample"]:
        row["synthetic"] = synthetic[row["sample_id"]]
    notes = arrange(read(warehouse.write()), "table1_model1,pooled").notes
    assert [note.partition(":")[0] for note in notes if "synthetic" in note] == ([said] if said else [])


def test_weights_and_other_standard_errors_are_said(warehouse):
    notes = arrange(read(warehouse.write()), "table1_model1,pooled").notes
    assert "Robust standard errors in (2)." in notes and "Weighted by weight in (2)." in notes
    assert not [note for note in arrange(read(warehouse.path), "1").notes if "standard errors" in note]


def test_all_printed_tables_by_default(warehouse):
    warehouse.rows["analysis.regression_model"][2]["printed_table"] = 2
    warehouse.rows["analysis.regression_model"][2]["model"] = 1
    printed = render(warehouse.write()).decode()
    assert re.findall(r"^Table (\d)\.", printed, re.MULTILINE) == ["1", "2"]


def test_the_command_writes_the_format_that_the_file_name_says(warehouse, tmp_path):
    warehouse.write()
    for suffix, start in (
        (".docx", b"PK"),
        (".html", b"<!DOCTYPE"),
        (".tex", b"% Needs"),
        (".csv", b"table,kind"),
    ):
        output = tmp_path / f"table{suffix}"
        done = _run(warehouse.path, "--table", "1", "--output", str(output))
        assert done.exit_code == 0, done.output
        assert output.read_bytes().startswith(start)
    assert _run(warehouse.path, "--table", "1").output.startswith("Table 1. Ordinal logistic regression")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--table", "7"], "no table or model '7'; name one of the tables 1"),
        (["--table", "pooled,x*"], "no table or model 'x*'"),
        (["--language", "de"], "no labels in the language 'de'; choose one of en, ko, ja"),
        (["--format", "docx"], "name one with --output"),
        (["--output", "table.pdf"], "state --format"),
        (["--page"], "add --format latex"),
        (["--output", "nowhere/table.txt"], "nowhere"),
    ],
)
def test_the_command_says_what_to_do(warehouse, arguments, said):
    done = _run(warehouse.write(), *arguments)
    assert done.exit_code != 0
    assert said in done.output


def test_no_warehouse(tmp_path):
    done = _run(tmp_path / "none.duckdb")
    assert done.exit_code == 1 and "run make build, or name another file with --warehouse" in done.output


def test_a_file_that_is_no_warehouse(warehouse, tmp_path):
    (tmp_path / "text.duckdb").write_text("not a database" * 1000)
    assert "cannot be read as a warehouse" in _run(tmp_path / "text.duckdb").output
    assert "has no marts.dim_sample" in _run(warehouse.write(without="marts.dim_sample")).output


def test_an_unknown_language_or_format_from_python(warehouse):
    with pytest.raises(TableError, match="choose one of en, ko, ja"):
        render(warehouse.write(), ["1"], language="fr")
    with pytest.raises(TableError, match="choose one of text, latex"):
        render(warehouse.path, ["1"], form="rtf")


def test_a_language_without_words_of_its_own_has_the_first_ones_and_its_labels(warehouse):
    """Labels that it lacks are those of the first language."""
    for table in ("dim_question", "dim_category", "dim_country"):
        for row in warehouse.rows[f"marts.{table}"]:
            row["label_de"] = None
    warehouse.rows["marts.dim_country"][0]["label_de"] = "Südkorea"
    warehouse.rows["marts.dim_question"][0]["label_de"] = "Eindruck vom anderen Land"
    path = warehouse.write()
    table = arrange(read(path), "1", language="de")
    assert (
        table.full_title == "Table 1. Ordinal logistic regression: Eindruck vom anderen Land, Südkorea 2023"
    )
    assert table.language == "de" and [row.label for row in table.rows if row.term == "age"] == ["Age group"]
    for form in ("text", "latex", "html", "docx", "csv"):
        assert render(path, ["1"], language="de", form=form)


def _run(path, *arguments):
    return CliRunner().invoke(main, ["tables", "--warehouse", str(path), *arguments])


def test_terms_left_out_or_taken_out_and_models_without_estimates_are_said(warehouse):
    first, second, _ = warehouse.rows["analysis.regression_model"]
    first["left_out"] = "age, trade"
    second |= {"dropped_terms": "age: constant", "problem": "no rows", "n_obs": None}
    table = arrange(read(warehouse.write()), "1")
    assert [cell.estimate for row in table.rows if row.term == "n_obs" for cell in row.cells] == ["925", ""]
    assert "Not asked in the sample, so left out: (1) Age group, Nature of trade <goods_only>." in table.notes
    assert "Taken out of the model: (2) age: constant." in table.notes
    assert "No estimates: (2) no rows." in table.notes


def test_the_share_of_the_respondents_is_a_row(warehouse):
    first, second, _ = warehouse.rows["analysis.regression_model"]
    first |= {"n_sample": 1000, "n_obs": 471}
    second |= {"n_obs": None, "problem": "no rows"}
    (row,) = (row for row in arrange(read(warehouse.write()), "1").rows if row.term == "share")
    assert [cell.estimate for cell in row.cells] == ["47.1", ""]


def test_rejected_proportional_odds_are_said_by_the_score_test(warehouse):
    """Neither another test, nor a level, nor a test without a p value counts, nor a p value of 5% and more."""
    notes = arrange(read(warehouse.write()), "table1_model1,table1_model2,pooled").notes
    (note,) = (note for note in notes if "odds" in note)
    assert note == (
        "Proportional odds are rejected (score test, p<0.05): all terms together in (2); "
        "Nature of trade <goods_only> in (2), (3). There a coefficient is an average over cut points."
    )


def test_nothing_is_said_of_proportional_odds_that_are_not_rejected(warehouse):
    for row in warehouse.rows["analysis.regression_assumption"]:
        row["p_value"] = 0.05
    assert not [note for note in arrange(read(warehouse.write()), "1").notes if "odds" in note]
