"""What is landed is used again, replaced when its file changes, and never left half written."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import duckdb
import pytest
from kjpoll.landing import (
    LandingError,
    WaveFile,
    land,
    landed_file_table,
    landed_relation,
    store,
    wave_file_table,
)
from kjpoll.landing.raw_directory import RawFile
from landing_files import LandingFiles, sample_row


def names(files: LandingFiles) -> list[str]:
    return sorted(path.name for path in files.landing.iterdir())


def test_a_landed_file_is_not_read_again(files: LandingFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    files.put("KOR.csv", b"ID,a\n1,2\n2,3\n")
    first = files.land(sample_row("KOR.csv"))
    monkeypatch.setattr(store, "write", lambda *_: pytest.fail("read again"))
    assert files.land(sample_row("KOR.csv")) == first


def test_a_changed_file_replaces_what_was_landed(files: LandingFiles) -> None:
    files.put("KOR.csv", b"ID,a\n1,2\n2,3\n")
    files.put("JPN.csv", b"ID,a\n1,2\n2,5\n")
    rows = (sample_row("KOR.csv"), sample_row("JPN.csv"))
    files.land(*rows)
    before = names(files)
    files.put("KOR.csv", b"ID,a\n1,2\n2,4\n")
    japan, korea = files.land(*rows)
    assert (japan.sample_id, korea.sample_id) == ("JPN", "KOR")
    assert files.cells(korea) == [["1", "2"], ["2", "4"]]
    assert len(before) == len(names(files)) == 7
    assert len(set(before) & set(names(files))) == 4


@pytest.mark.parametrize("kind", store.KINDS)
def test_a_lost_part_is_landed_again(files: LandingFiles, kind: str) -> None:
    files.put("KOR.csv", b"ID,a\n1,2\n2,3\n")
    (landed,) = files.land(sample_row("KOR.csv"))
    files.path(landed, kind).unlink()
    assert files.land(sample_row("KOR.csv")) == [landed]
    assert files.path(landed, kind).is_file()


@pytest.mark.parametrize("kind", store.KINDS)
def test_a_cut_part_is_landed_again(files: LandingFiles, kind: str) -> None:
    files.put("KOR.csv", b"ID,a\n1,2\n2,3\n")
    (landed,) = files.land(sample_row("KOR.csv"))
    whole = files.path(landed, kind).read_bytes()
    files.path(landed, kind).write_bytes(whole[:-5])
    assert files.land(sample_row("KOR.csv")) == [landed]
    assert files.path(landed, kind).read_bytes() == whole


def test_a_landing_directory_that_cannot_be_made(files: LandingFiles) -> None:
    files.put("KOR.csv", b"ID,a\n1,2\n2,3\n")
    files.landing.parent.touch()
    with pytest.raises(LandingError, match="cannot be read or landed") as caught:
        files.land(sample_row("KOR.csv"))
    assert [problem.rule for problem in caught.value.problems] == ["unreadable_disk"] * 2


def test_another_way_to_read_is_another_landed_file(files: LandingFiles) -> None:
    files.put("KOR.csv", "ID,a\n1,2\n2,ﾃ\n".encode("cp932"))
    (first,) = files.land(sample_row("KOR.csv", encoding="cp932"))
    kept = files.path(first, "answer").name
    assert "cp932 text, not utf-8" in files.fault(sample_row("KOR.csv", encoding="utf-8"))
    assert kept in names(files)


def test_pruning_leaves_other_files_alone(files: LandingFiles) -> None:
    files.put("KOR.csv", b"ID,a\n1,2\n2,3\n")
    files.landing.mkdir(parents=True)
    leftover = f"KOR-{'0' * 20}.answer.parquet"
    for name in ("notes.txt", "other.parquet", leftover, f".{leftover}.7.tmp"):
        (files.landing / name).touch()
    files.land(sample_row("KOR.csv"))
    assert {"notes.txt", "other.parquet"} <= set(names(files))
    assert not [name for name in names(files) if name.startswith(leftover)]


def test_a_file_that_changes_while_it_is_read(files: LandingFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    path = files.put("KOR.csv", b"ID,a\n1,2\n2,3\n")
    check = RawFile.check_unchanged

    def replace_then_check(raw_file: RawFile) -> None:
        path.write_bytes(b"ID,a\n1,2\n2,3\n3,4\n")
        check(raw_file)

    monkeypatch.setattr(RawFile, "check_unchanged", replace_then_check)
    (problem,) = files.problems(sample_row("KOR.csv"))
    assert (problem.rule, problem.file, problem.sample_id) == ("changed_file", "KOR.csv", "KOR")
    assert "the file changed while it was read" in problem.what
    assert not [name for name in names(files) if ".answer." in name]


def pattern(folder: Path, name: str) -> str:
    """A file's path in which DuckDB sees no pattern."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(folder / name))


def test_relations(tmp_path: Path) -> None:
    raw, landing = tmp_path / "raw", tmp_path / "it's [a] build*" / "landing"
    raw.mkdir()
    for name in ("B", "A"):
        (raw / f"{name}.csv").write_bytes(f"ID,a\n{name}1,\n{name}2,3\n".encode())
    rows = [sample_row(f"{name}.csv") for name in ("B", "A")]
    with duckdb.connect() as connection:
        columns = ", ".join(rows[0])
        literals = ", ".join(
            "(" + ", ".join("null" if v is None else f"'{v}'" for v in row.values()) + ")" for row in rows
        )
        samples = connection.sql(f"select * from (values {literals}) as t({columns})")
        variables = connection.sql(
            "select sample_id, variable from (values ('A'), ('B')) s(sample_id), (values ('ID'), ('a')) v(variable)"
        )
        table = wave_file_table(samples, variables, str(raw), str(landing))
        assert table.column_names == [field.name for field in fields(WaveFile)]
        connection.register("wave_file", table)
        wave_file = connection.table("wave_file")
        files = landed_file_table(wave_file, str(landing))
        assert files["sample_id"].to_pylist() == ["A", "B"]
        assert sorted(path.name for path in landing.glob("*.answer.parquet")) == [
            *files["answer_file"].to_pylist(),
            "none.answer.parquet",
        ]
        kept = [pattern(landing, name) for name in ("none.answer.parquet", *files["answer_file"].to_pylist())]
        answer = connection.sql("select * from read_parquet(?)", params=[kept])
        assert [str(kind) for kind in answer.types] == [
            "VARCHAR", "INTEGER", "VARCHAR", "INTEGER", "VARCHAR",
        ]  # fmt: skip
        assert answer.fetchall() == [
            (name, row, variable, position, value)
            for name in ("A", "B")
            for row, last in ((1, None), (2, "3"))
            for variable, position, value in (("ID", 1, f"{name}{row}"), ("a", 2, last))
        ]
        labels = landed_relation(connection, wave_file, str(landing), "value_label")
        assert labels.fetchall() == []
        variable = landed_relation(connection, wave_file, str(landing), "variable")
        assert variable.columns == ["sample_id", "variable", "column_position", "label"]
        next(landing.glob("B-*.answer.parquet")).unlink()
        with pytest.raises(LandingError, match="Build wave_file again"):
            landed_file_table(wave_file, str(landing))


def test_same_input_gives_the_same_bytes(files: LandingFiles, tmp_path: Path) -> None:
    files.put("KOR.csv", b"ID,a\n1,2\n2,3\n")
    files.land(sample_row("KOR.csv"))
    land([sample_row("KOR.csv")], files.raw, tmp_path / "again")
    for path in files.landing.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()
