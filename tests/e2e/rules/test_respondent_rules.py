"""Copied, broken and alike records are found in the formats that can hold them, and reported once."""

import pytest

from tests.support.project import Project
from tests.support.record_damage import (
    Columns,
    answer_otherwise,
    copy_record,
    make_alike,
    paste_records,
    repeat_header,
    shift_record,
    straighten,
)
from tests.support.wave_edit import editing

RULES = (
    "broken_record",
    "identical_respondents",
    "moved_identifiers",
    "near_identical_respondents",
    "respondents_of_another_wave",
    "similar_neighbours",
    "straight_lining",
    "unordered_respondents",
)
# Sample -> the record that is copied, and the records that it is copied over.
COPIED = {
    "KOR-2013": (3, [700, 701]),
    "KOR-2023": (11, [500]),
    "KOR-2019": (20, [30]),
    "JPN-2023": (40, [41]),
}
# Sample -> record, its copy, and the questions that are answered otherwise in the copy.
CHANGED = {
    "JPN-2022": (5, 6, ["sex", "current_relations", "education"]),
    "JPN-2021": (7, 900, ["sex", "future_relations"]),
    "JPN-2020": (8, 9, ["sex"]),
    "JPN-2019": (10, 100, ["education", "sex", "future_relations"]),
}
# Sample -> the questions of the battery that 50 respondents answer with the code that they gave to the first of them.
STRAIGHT = {
    "JPN-2015": ["impression_of_counterpart", "current_relations", "future_relations", "importance_of_relations",
                 "impression_of_counterpart_leader"],
    "KOR-2018": ["impression_of_counterpart", "current_relations", "future_relations", "importance_of_relations",
                 "impression_of_counterpart_leader", "dprk_nuclear_when"],
    "KOR-2022": ["impression_of_china", "popular_culture_effect", "korea_nuclear_arms", "sanction_china_economically",
                 "join_pressure_on_china"],
}  # fmt: skip
NO_BATTERY = {"KOR-2016", "JPN-2014", "JPN-2019", "JPN-2023"}
# The file of which the records stand in the opposite order.
TURNED = "KOR-2015"
# Sample -> records each of which has the identifier of the next, and the last that of the first.
MOVED = {"KOR-2016": [5, 6, 900]}
# Records with one identifier and the same answers.
DUPLICATE, ITS_COPY = 15, 16
# Sample -> the records of which each answer stands one column further to the right.
SHIFTED = {"JPN-2014": [200], "JPN-2018": [*range(41, 61), 500], "KOR-2021": [7]}
# A record that has a code of the shifted ones: none of these, and its code means nothing all the same.
OF_SHIFTED = ("JPN-2018", 3)
# Sample -> the line that is the header once more, and whether it takes the place of a record.
HEADER = {"KOR-2014": (501, True), "JPN-2013": (12, False)}
# Sample -> the wave of which a block of records stands in it, with its first row there and here, and their number.
PASTED = {"JPN-2017": ("JPN-2016", 101, 301, 45)}
# Sample -> records that have two thirds of their answers from the first of them.
ALIKE = {"KOR-2020": range(400, 415)}


@pytest.fixture(scope="module")
def damaged(rules, built, tmp_path_factory):
    """The rehearsal of a project with every damage, and the rows that were straightened."""
    project = Project.copied(tmp_path_factory.mktemp("respondents") / "project", kept=built)
    straight = {}
    for sample_id in {*COPIED, *CHANGED, *STRAIGHT, "KOR-2017"}:
        columns = Columns(project, sample_id)
        with editing(project, sample_id) as wave:
            if sample_id in COPIED:
                source, targets = COPIED[sample_id]
                for target in targets:
                    copy_record(wave, columns, source, target)
            elif sample_id in CHANGED:
                source, target, questions = CHANGED[sample_id]
                copy_record(wave, columns, source, target)
                for question in questions:
                    answer_otherwise(wave, target, columns.of[question])
            elif sample_id in STRAIGHT:
                straight[sample_id] = straighten(wave, columns, STRAIGHT[sample_id])
            else:
                copy_record(wave, columns, DUPLICATE, ITS_COPY)
                wave.set(ITS_COPY, columns.id, wave.get(DUPLICATE, columns.id))
    project.release.symlink_to(built.release)
    for sample_id, rows in MOVED.items():
        variable = Columns(project, sample_id).id
        with editing(project, sample_id) as wave:
            identifiers = [wave.get(row, variable) for row in rows]
            for row, identifier in zip(rows, identifiers[1:] + identifiers[:1]):
                wave.set(row, variable, identifier)
    with editing(project, TURNED) as wave:
        wave.frame = wave.frame.iloc[::-1].reset_index(drop=True)
    for sample_id, (source_id, source_row, row, n) in PASTED.items():
        paste_records(project, source_id, sample_id, [(source_row + i, row + i) for i in range(n)])
    for sample_id in {*SHIFTED, *HEADER, *ALIKE}:
        columns = Columns(project, sample_id)
        with editing(project, sample_id) as wave:
            for row in SHIFTED.get(sample_id, ()):
                shift_record(wave, columns, row)
            if sample_id in HEADER:
                repeat_header(wave, *HEADER[sample_id])
            if sample_id in ALIKE:
                make_alike(wave, project, sample_id, ALIKE[sample_id])
            if sample_id == OF_SHIFTED[0]:
                for row in (SHIFTED[sample_id][0], OF_SHIFTED[1]):
                    wave.set(row, columns.of["sex"], "77")
    outcome = rules.run(project.root)
    return outcome, straight


def found(outcome, sample_id: str):
    """What is reported of the sample; drift aside, since one record moves a share off its published value."""
    rows = outcome.violations
    return rows[(rows["sample_id"] == sample_id) & (rows["rule"] != "drift")]


def question_columns(outcome, sample_id: str, questions: list[str]) -> list[str]:
    rows = outcome.query(
        f"select question_id, variable from seeds.variables where sample_id = '{sample_id}' and role = 'answer'"
    )
    variables = dict(rows.itertuples(index=False))
    return [variables[question] for question in questions]


def agency_id(sample_id: str, row: int) -> str:
    return f"{sample_id[4:]}{row:04d}"


def test_the_sound_files_have_no_such_records(sound):
    assert not set(sound.violations["rule"]) & set(RULES)
    assert sound.query("select * from intermediate.int_near_pair").empty


def test_batteries_are_where_columns_share_their_codes(sound):
    rows = sound.query(
        "select sample_id, codes, count(*) as n, min(n_columns) as n_columns from intermediate.int_battery group by all"
    )
    samples = set(sound.query("select sample_id from seeds.samples")["sample_id"])
    assert samples - set(rows["sample_id"]) == NO_BATTERY
    assert (rows["n"] == rows["n_columns"]).all() and rows["n"].min() >= 4


@pytest.mark.parametrize("sample_id", COPIED)
def test_identical_records_are_reported_once(damaged, sample_id):
    (row,) = found(damaged[0], sample_id).itertuples()
    source, targets = COPIED[sample_id]
    records = [source, *targets]
    assert (row.rule, row.severity, row.n) == ("identical_respondents", "error", len(records))
    assert row.first_rows == ", ".join(map(str, records))
    ids = ", ".join(agency_id(sample_id, i) for i in records)
    assert f"rows {row.first_rows} ({ids})" in row.finding
    assert row.resolve_with == "correct the file: keep one record for each respondent"
    assert row.waive_with == f"identical_respondents,{sample_id},,,,{len(records)},<reason>,<expires>"


@pytest.mark.parametrize("sample_id", CHANGED)
def test_a_copy_with_some_changed_answers_is_reported_with_its_likeness(damaged, sound, sample_id):
    (row,) = found(damaged[0], sample_id).itertuples()
    source, target, changed = CHANGED[sample_id]
    asked = len(
        sound.query(
            f"select distinct question_id from seeds.variables where sample_id = '{sample_id}' and role = 'answer'"
        )
    )
    same = asked - len(changed)
    assert (row.rule, row.severity, row.n) == ("near_identical_respondents", "error", 2)
    assert row.first_rows == f"{source}, {target}"
    ids = f"{agency_id(sample_id, source)}, {agency_id(sample_id, target)}"
    likeness = f"rows {source} and {target} ({ids}): {same} of {asked} answers, {100 * same // asked}%"
    assert row.finding.endswith(likeness)


@pytest.mark.parametrize("sample_id", STRAIGHT)
def test_straight_lines_are_reported_with_their_battery(damaged, sound, sample_id):
    outcome, straight = damaged
    (row,) = found(outcome, sample_id).itertuples()
    before = sound.query(f"""
        select count(*) from (
            select row from intermediate.int_battery_answer as answer
            where sample_id = '{sample_id}' and n_columns = {len(STRAIGHT[sample_id])}
            group by row having min(code) = max(code)
        )""").iloc[0, 0]
    assert (row.rule, row.severity) == ("straight_lining", "warn")
    assert row.n == 50 + before
    assert set(row.variable.split(";")) == set(question_columns(sound, sample_id, STRAIGHT[sample_id]))
    assert {int(i) for i in row.first_rows.split(", ")} & set(straight[sample_id])
    assert f"all {len(STRAIGHT[sample_id])} columns" in row.finding


def test_a_duplicate_identifier_with_the_same_answers_is_reported_once(damaged):
    (row,) = found(damaged[0], "KOR-2017").itertuples()
    assert (row.rule, row.first_rows) == ("duplicate_respondent", f"{DUPLICATE}, {ITS_COPY}")


@pytest.mark.parametrize("sample_id", SHIFTED)
def test_shifted_records_are_one_finding(damaged, sample_id):
    broken, *others = found(damaged[0], sample_id).sort_values("rule").itertuples()
    rows = SHIFTED[sample_id]
    assert (broken.rule, broken.severity, broken.n) == ("broken_record", "error", len(rows))
    assert broken.first_rows == ", ".join(map(str, rows[:5]))
    listed = "41 to 60, 500" if len(rows) > 1 else rows[0]
    assert broken.finding.startswith(f"records wrong throughout, {listed}: in ")
    assert broken.resolve_with.startswith("correct the file: put the cells of a shifted row back")
    # A code that another record has too is reported for that record.
    of_shifted = [("unknown_code", "sex", str(OF_SHIFTED[1]))] if sample_id == OF_SHIFTED[0] else []
    assert [(row.rule, row.question_id, row.first_rows) for row in others] == of_shifted


@pytest.mark.parametrize("sample_id", HEADER)
def test_a_repeated_header_is_one_finding_also_as_a_record_too_many(damaged, sample_id):
    (row,) = found(damaged[0], sample_id).itertuples()
    line = HEADER[sample_id][0]
    assert (row.rule, row.n, row.first_rows) == ("broken_record", 1, str(line))
    assert row.finding == f"records wrong throughout, {line}: the header line once more"
    assert row.resolve_with == "correct the file: remove these lines"


@pytest.mark.parametrize("sample_id", PASTED)
def test_records_of_another_wave_are_reported_with_their_rows_there(damaged, sample_id):
    (row,) = found(damaged[0], sample_id).itertuples()
    source_id, source_row, first_row, n = PASTED[sample_id]
    assert (row.rule, row.severity) == ("respondents_of_another_wave", "error")
    assert n <= row.n < 2 * n
    assert f"as a record of {source_id[4:]}/{source_id[:3]}.sav to all questions that both ask" in row.finding
    twins = damaged[0].query(f"""
        select here.first_row - there.first_row as distance, count(*) as n
        from intermediate.int_shared_pattern as here
        inner join intermediate.int_shared_pattern as there
            on here.question_set = there.question_set and here.pattern_digest = there.pattern_digest
        where here.question_set = ''
            and (here.sample_id, here.other_sample_id) = ('{sample_id}', '{source_id}')
            and (there.sample_id, there.other_sample_id) = ('{source_id}', '{sample_id}')
        group by distance order by n desc limit 1""")
    assert twins["distance"][0] == first_row - source_row and twins["n"][0] > 0.9 * n


@pytest.mark.parametrize("sample_id", ALIKE)
def test_neighbours_that_are_alike_are_reported_with_their_likeness(damaged, sample_id):
    (row,) = found(damaged[0], sample_id).itertuples()
    assert (row.rule, row.severity) == ("similar_neighbours", "error")
    assert set(map(int, row.first_rows.split(", "))) <= {*ALIKE[sample_id], 398, 399}
    first, last = row.finding.rsplit("rows ", 1)[1].split(" to ")
    assert abs(int(first) - ALIKE[sample_id][0]) <= 3 and abs(int(last) - ALIKE[sample_id][-1]) <= 3


@pytest.mark.parametrize("sample_id", MOVED)
def test_identifiers_that_moved_against_the_released_answers_are_named(damaged, sample_id):
    (moved,) = found(damaged[0], sample_id).itertuples()
    rows = MOVED[sample_id]
    assert (moved.rule, moved.severity, moved.n) == ("moved_identifiers", "error", len(rows))
    ids = [agency_id(sample_id, row) for row in rows]
    pairs = zip(rows, ids[1:] + ids[:1], ids)
    assert moved.finding.endswith("; ".join(f"row {row}, now {new}, was {old}" for row, new, old in pairs))


def test_a_file_in_another_order_numbers_its_respondents_as_before(damaged, sound):
    (row,) = found(damaged[0], TURNED).itertuples()
    n = len(sound.query(f"select * from staging.stg_respondent where sample_id = '{TURNED}'"))
    assert (row.rule, row.severity, row.n) == ("unordered_respondents", "warn", n)
    assert row.finding.endswith(f": row 1 is {TURNED}-{n:04d}")
    answers = f"""
        select respondent_id, variable, raw_code
        from staging.stg_respondent inner join intermediate.int_single_answer using (sample_id, row)
        where sample_id = '{TURNED}' order by all"""
    assert sound.query(answers).equals(damaged[0].query(answers))


def test_nothing_else_is_found(damaged):
    reported = damaged[0].violations
    damages = {*COPIED, *CHANGED, *STRAIGHT, *SHIFTED, *HEADER, *PASTED, *ALIKE, *MOVED, TURNED, "KOR-2017"}
    elsewhere = reported[~reported["sample_id"].isin(damages)]
    assert set(elsewhere["rule"]) <= {"drift"}
