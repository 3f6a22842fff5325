"""Languages are rows of a seed: a fourth one, two of the three with another first, and labels that lack."""

import csv
import io

import pytest

from tests.support.project import WITHOUT_UNIT_TESTS, Project

pytestmark = pytest.mark.long

LANGUAGES, QUESTIONS, CATEGORIES = "report/languages", "survey/questions", "survey/categories"
COUNTRIES, WAVES, EVENTS = "survey/countries", "survey/waves", "report/events"
TABLES = ("dim_country", "dim_wave", "dim_question", "dim_category")
NO_LABEL = "readers of that language see no label"
MALE = {"category_set": "sex", "category_id": "male"}


def write(project: Project, seed: str, rows: list[dict[str, str]]) -> None:
    """Put these rows, which may have other columns, in the place of a seed's."""
    with project.seed_path(seed).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def without(project: Project, seed: str, column: str) -> None:
    write(project, seed, [{n: cell for n, cell in row.items() if n != column} for row in project.seed(seed)])


def lines(project: Project, seed: str, column: str, **where: str) -> list[str]:
    """What is printed of these rows as they stand in the file, sorted, where nothing is in the column."""
    printed = []
    for row in project.seed(seed):
        if where.items() <= row.items() and not row[column]:
            text = io.StringIO()
            csv.writer(text, lineterminator="").writerow((row | {column: f"<{column}>"}).values())
            printed.append(f"{seed}.csv: {text.getvalue()}")
    return sorted(printed)


def build(project: Project, *targets: str) -> str:
    """dbt's output; RuntimeError where it fails."""
    run = project.dbt("build", "--select", *(f"+{target}" for target in targets), **WITHOUT_UNIT_TESTS)
    if run.code:
        raise RuntimeError(run.output)
    return run.output


def label_columns(project: Project, table: str) -> list[str]:
    return [
        name
        for (name,) in project.query(
            "select column_name from duckdb_columns() where schema_name = 'marts' and table_name = ? "
            "and data_type = 'VARCHAR' and starts_with(column_name, 'label_') order by column_index",
            table,
            of=project.build_file,
        )
    ]


def findings(project: Project) -> dict[tuple[str, str, str], list[tuple[int | None, str]]]:
    """(rule, seed, finding) -> n and the line that resolves it, of what is found of labels, sorted by line."""
    found: dict[tuple[str, str, str], list[tuple[int | None, str]]] = {}
    for rule, file, finding, *resolved in project.query(
        "select rule, file, finding, n, resolve_with from quality.violation "
        "where rule in ('missing_first_label', 'missing_label', 'unread_label') order by resolve_with",
        of=project.build_file,
    ):
        found.setdefault((rule, file.removesuffix(".csv"), finding), []).append(tuple(resolved))
    return found


def signed(project: Project) -> dict[tuple[str, ...], str]:
    """(aspect, question, item) -> digest of a value that is of no sample."""
    return {
        key: digest
        for *key_cells, digest in project.query(
            "select digest.aspect, digest.question_id, digest.item, digest.sha256 from intermediate.int_signed_digest as digest "
            "inner join intermediate.int_signed_aspect as known on digest.aspect = known.aspect "
            "where digest.sample_id = '' and not known.is_input",
            of=project.build_file,
        )
        for key in [tuple(key_cells)]
    }


@pytest.fixture(scope="module")
def german(copy) -> Project:
    """German as the fourth language, with a label, with none, with what looks like numbers, and without a column; and
    a category that lost its Korean label."""
    project = copy("german")
    project.append(LANGUAGES, {"language": "de", "language_order": "4", "name": "Deutsch"})
    write(
        project,
        QUESTIONS,
        [
            row | {"label_de": "Geschlecht" if row["question_id"] == "sex" else ""}
            for row in project.seed(QUESTIONS)
        ],
    )
    write(project, CATEGORIES, [row | {"label_de": ""} for row in project.seed(CATEGORIES)])
    write(project, WAVES, [row | {"label_de": f"0{row['year'][2:]}"} for row in project.seed(WAVES)])
    project.change(CATEGORIES, MALE, label_ko="")
    build(project, "int_signed_digest", "int_signed_aspect", *TABLES)
    return project


def test_a_fourth_language_is_a_column_of_the_tables_with_what_it_has(german):
    labels = {}
    for table in TABLES:
        assert label_columns(german, table) == ["label_en", "label_ko", "label_ja", "label_de"]
        rows = german.query(f"select label_de from marts.{table} order by all", of=german.build_file)
        labels[table] = [label for (label,) in rows]
    assert labels["dim_question"][0] == "Geschlecht" and set(labels["dim_question"][1:]) == {None}
    assert set(labels["dim_category"]) == set(labels["dim_country"]) == {None}
    assert labels["dim_wave"][:2] == ["013", "014"]
    assert german.query(
        "select comment from duckdb_columns() where table_name = 'dim_wave' and column_name = 'label_de'",
        of=german.build_file,
    ) == [("Its label in Deutsch, where there is one",)]


def test_of_a_language_without_a_label_there_is_one_finding_for_the_seed(german):
    korean, in_german = f"label_ko is empty: {NO_LABEL}", f"label_de is empty: {NO_LABEL}"
    no_column = f"label_de is no column of the seed: {NO_LABEL}"
    assert findings(german) == {
        ("missing_label", CATEGORIES, korean): [
            (None, line) for line in lines(german, CATEGORIES, "label_ko")
        ],
        ("missing_label", CATEGORIES, f"label_de is empty in every row: {NO_LABEL}"): [
            (len(german.seed(CATEGORIES)), lines(german, CATEGORIES, "label_de")[0])
        ],
        ("missing_label", QUESTIONS, in_german): [
            (None, line) for line in lines(german, QUESTIONS, "label_de")
        ],
        ("missing_label", COUNTRIES, no_column): [(2, "survey/countries.csv: add the column label_de")],
        ("missing_label", EVENTS, no_column): [
            (len(german.seed(EVENTS)), "report/events.csv: add the column label_de")
        ],
    }


def test_a_further_language_changes_the_signed_values_that_have_labels_in_it_alone(german, built):
    before, after = signed(built), signed(german)
    assert {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)} == {
        ("labels", "sex", "male"),
        ("question", "sex", ""),
        *(("waves", "", row["wave"]) for row in german.seed(WAVES)),
    }
    covered = dict(
        german.query("select aspect, columns from intermediate.int_signed_aspect", of=german.build_file)
    )
    assert covered["labels"] == "label_en label_ko label_ja label_de"
    # A seed is signed as its file has it.
    assert covered["events"] == "country takes_office label_en label_ko label_ja source_id"


@pytest.fixture(scope="module")
def korean(copy) -> Project:
    """Korean before English, and no Japanese, whose labels of the events nobody has removed."""
    project = copy("korean")
    project.rewrite(LANGUAGES, [{"language": "ko", "language_order": "1", "name": "한국어"},
                                {"language": "en", "language_order": "2", "name": "English"}])  # fmt: skip
    for seed in (QUESTIONS, CATEGORIES, WAVES, COUNTRIES):
        without(project, seed, "label_ja")
    project.change(QUESTIONS, {"question_id": "sex"}, label_ko="")
    return project


def test_an_empty_label_in_the_first_language_stops_at_the_gate(korean):
    with pytest.raises(RuntimeError) as stopped:
        build(korean, *TABLES)
    (line,) = lines(korean, QUESTIONS, "label_ko", question_id="sex")
    assert line in str(stopped.value) and "missing_first_label" in str(stopped.value)
    assert findings(korean) == {
        ("missing_first_label", QUESTIONS, f"label_ko is empty: {NO_LABEL}"): [(None, line)],
        ("unread_label", EVENTS, "label_ja is the column of a language that report/languages.csv does not name: nobody reads it"):
            [(None, "report/languages.csv: ja,3,<name>")],
    }  # fmt: skip
    assert label_columns(korean, "dim_question") == []


def test_two_languages_with_another_one_first(korean):
    korean.change(QUESTIONS, {"question_id": "sex"}, label_ko="성별", label_en="")
    # The labels of the Japanese files resemble each other more than what is left in two languages.
    rule = "contradicting_variable_label"
    korean.change("quality/rules", {"rule": rule}, severity="warn")
    build(korean, *TABLES)
    assert {name for name, *_ in findings(korean)} - {rule} == {"missing_label", "unread_label"}
    for table in TABLES:
        assert label_columns(korean, table) == ["label_ko", "label_en"]
    assert korean.query(
        "select label_ko, label_en from marts.dim_question where question_id = 'sex'", of=korean.build_file
    ) == [("성별", None)]


def test_a_seed_without_the_column_of_the_first_language_is_named(korean):
    without(korean, COUNTRIES, "label_ko")
    run = korean.dbt("build", "--select", "countries", "int_rule_seed")
    assert run.code and "survey/countries.csv has no column label_ko; add it" in run.output
