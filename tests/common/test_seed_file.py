"""Seeds are read strictly, and a seed that is written keeps the bytes of what does not change."""

import csv

import pytest
from kjpoll.common.seed_file import SeedError, SeedFile, check_seeds, read_seed

from tests.support.project import CHECKOUT

SEEDS = sorted((CHECKOUT / "dbt_project" / "seeds").glob("*/*.csv"))
UNUSUAL = b'a,b\r\n"1","two\r\nlines, and ""quotes"""\r\n2,\xed\x95\x9c\xe2\x80\xa8end'


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_a_seed_that_nobody_changes_keeps_its_bytes(path):
    seed = SeedFile(path)
    assert seed.content() == path.read_bytes() and not seed.is_changed


def test_only_the_new_row_has_new_bytes(tmp_path):
    path = tmp_path / "seed.csv"
    path.write_bytes(UNUSUAL)
    seed = SeedFile(path)
    assert seed.rows == [{"a": "1", "b": 'two\r\nlines, and "quotes"'}, {"a": "2", "b": "한\u2028end"}]
    seed.insert(1, {"a": "1b", "b": "x, y"})
    seed.replace(0, dict(seed.rows[0]))
    place = UNUSUAL.index(b"2,\xed")
    assert seed.content() == UNUSUAL[:place] + b'1b,"x, y"\r\n' + UNUSUAL[place:]
    seed.insert(3, {"a": "3"})
    assert seed.content() == UNUSUAL[:place] + b'1b,"x, y"\r\n' + UNUSUAL[place:] + b"\r\n3,\r\n"
    seed.remove(1)
    assert seed.content() == UNUSUAL + b"\r\n3,\r\n" and [row["a"] for row in seed.rows] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "empty"),
        (b'a,b\n1,"open\n', "never closed"),
        (b"a,b\n1\n", "row 2 .* has 1 cells, the header 2"),
        (b"a\n\xff\n", "is not in UTF-8, as its line 2 shows; save it as CSV UTF-8, separated by commas"),
        ("a,b\n1,나쁨\n".encode("cp949"), "is not in UTF-8, as its line 2 shows"),
        ("a,b\n1,2\n".encode("utf-16"), "is in UTF-16; save it as CSV UTF-8, separated by commas"),
        ("a,b\n1,2\n".encode("utf-16-le"), "is in UTF-16"),
        (b"a;b\n1;2\n", "is separated by semicolons; save it as CSV UTF-8, separated by commas"),
        (b'\xef\xbb\xbf"a";"b"\n1;2\n', "is separated by semicolons"),
        (b"a\tb\n1\t2\n", "is separated by tabs"),
        (b"a,b,a\n1,2,3\n", "has two columns a; remove or rename one"),
        (b"a,b,,\n1,2,,\n", "has two columns without a name"),
        (b"a,b\n1,2\n,\n", "row 3 .* is empty; remove it"),
        (b'a,b\n"1"x,2\n', "cannot be read"),
    ],
)
def test_a_seed_that_is_no_table_is_an_error(tmp_path, content, error):
    (tmp_path / "seed.csv").write_bytes(content)
    with pytest.raises(SeedError, match=error):
        SeedFile(tmp_path / "seed.csv")


def test_a_row_with_an_unknown_column_is_an_error(tmp_path):
    (tmp_path / "seed.csv").write_bytes(b"a\n1\n")
    with pytest.raises(SeedError, match="no column b"):
        SeedFile(tmp_path / "seed.csv").insert(0, {"b": "1"})


def test_a_seed_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(SeedError, match="seed.csv does not exist; restore it"):
        read_seed(tmp_path / "seed.csv")


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_the_rows_are_those_that_the_library_reads(path):
    with path.open(encoding="utf-8", newline="") as stream:
        assert read_seed(path) == list(csv.DictReader(stream))


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=repr)
def test_what_a_spreadsheet_adds_is_read_and_stays(tmp_path, line_end):
    path = tmp_path / "seed.csv"
    lines = ["a,b", "1,한", "2,"]
    path.write_bytes(b"\xef\xbb\xbf" + line_end.join(lines).encode())
    seed = SeedFile(path)
    assert seed.header == ["a", "b"] and seed.rows == [{"a": "1", "b": "한"}, {"a": "2", "b": ""}]
    assert not seed.is_changed
    seed.insert(2, {"a": "3"})
    assert seed.content() == b"\xef\xbb\xbf" + line_end.join([*lines, "3,", ""]).encode()


PROPERTIES = "seeds: [{name: seed, config: {meta: {labels: %s}}, columns: [{name: a}, {name: b}]}]"


@pytest.mark.parametrize(
    ("header", "error"),
    [
        ("a", "lacks the column b; restore it from version control, or correct its header: a,b$"),
        ("a,b,note", "has the undeclared column note;"),
        ("a,c", "lacks the column b and has the undeclared column c;"),
        ("b,a", "has its columns in another order; put them back into the order a,b$"),
        ("a,b,label_en", "has the undeclared column label_en"),
    ],
)
def test_the_header_is_the_one_that_the_properties_declare(tmp_path, header, error):
    (tmp_path / "survey.yml").write_text(PROPERTIES % "false")
    (tmp_path / "seed.csv").write_text(f"{header}\n")
    with pytest.raises(SeedError, match=error):
        SeedFile(tmp_path / "seed.csv")


def test_labels_of_any_language_may_follow_the_declared_columns(tmp_path):
    (tmp_path / "survey.yml").write_text(PROPERTIES % "true")
    path = tmp_path / "seed.csv"
    path.write_text("a,b,label_en,label_fr\n")
    assert SeedFile(path).header == ["a", "b", "label_en", "label_fr"]
    path.write_text("a,label_en,b\n")
    with pytest.raises(SeedError, match="put them back into the order a,b,label_en$"):
        SeedFile(path)


def test_broken_properties_are_named(tmp_path):
    (tmp_path / "survey.yml").write_text("seeds: [")
    (tmp_path / "seed.csv").write_text("a\n1\n")
    with pytest.raises(SeedError, match="its properties .*survey.yml are no YAML"):
        SeedFile(tmp_path / "seed.csv")


def test_every_faulty_seed_of_a_project_is_named_and_released_values_are_none(tmp_path):
    for name, content in (
        ("survey/a", b"a;b\n"),
        ("survey/b", b"\xff"),
        ("released/c", b"a;b\n"),
        ("survey/d", b"a,b\n"),
    ):
        path = tmp_path / "dbt_project" / "seeds" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with pytest.raises(SeedError) as raised:
        check_seeds(tmp_path)
    first, second = str(raised.value).splitlines()
    assert "survey/a.csv is separated by semicolons" in first and "survey/b.csv is not in UTF-8" in second


def test_the_seeds_of_the_project_are_in_order():
    check_seeds(CHECKOUT)
