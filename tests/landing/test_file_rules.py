"""Each rule of stage file, made to fire by a damaged copy of a real wave file, and by nothing else."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from damages import DAMAGES, Damage
from kjpoll.landing import Landed, land

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).resolve().parents[2]
RAW = CHECKOUT / "data" / "raw"
SEEDS = CHECKOUT / "dbt_project" / "seeds"


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


SAMPLES = {row["sample_id"]: row for row in seed("survey/samples")}
CROSSWALK: dict[str, set[str]] = {}
for row in seed("crosswalk/variables"):
    CROSSWALK.setdefault(row["sample_id"], set()).add(row["variable"])


class Shelf:
    """Copies of some real wave files, without their sidecars."""

    def __init__(self, folder: Path, *sample_ids: str) -> None:
        self.raw, self.landing = folder / "raw", folder / "landing"
        self.sample_ids = sample_ids
        for sample_id in sample_ids:
            self.path(sample_id).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(RAW / SAMPLES[sample_id]["file"], self.path(sample_id))

    def path(self, sample_id: str) -> Path:
        return self.raw / SAMPLES[sample_id]["file"]

    def do(self, damage: Damage) -> None:
        path = self.path(damage.sample_id)
        if damage.on_path:
            damage.change(path)
        else:
            before = path.read_bytes()
            after = damage.change(before)
            if after == before:
                pytest.fail(f"nothing is damaged by {damage.name}")
            path.write_bytes(after)

    def land(self) -> Landed:
        return land([SAMPLES[name] for name in self.sample_ids], self.raw, self.landing, CROSSWALK)


@pytest.fixture(scope="module")
def problems(tmp_path_factory: pytest.TempPathFactory) -> dict[Damage, list]:
    """The problems that each damage gives: as many damages land at once as there are files for."""
    found = {}
    waiting = list(DAMAGES)
    while waiting:
        batch: dict[str, Damage] = {}
        for damage in waiting:
            batch.setdefault(damage.sample_id, damage)
        waiting = [damage for damage in waiting if batch[damage.sample_id] is not damage]
        shelf = Shelf(tmp_path_factory.mktemp("shelf"), *batch)
        for damage in batch.values():
            shelf.do(damage)
        landed = shelf.land()
        for sample_id, damage in batch.items():
            found[damage] = [p for p in landed.problems if p.sample_id == sample_id]
    return found


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_exactly_this_rule(problems: dict[Damage, list], damage: Damage) -> None:
    (problem,) = problems[damage]
    assert problem.rule == damage.rule
    assert damage.says in problem.what
    assert problem.file == SAMPLES[damage.sample_id]["file"]
    assert problem.row == damage.row
    if damage.variable:
        assert problem.variable == damage.variable


def rules(landed: Landed) -> dict[str | None, list[str]]:
    found: dict[str | None, list[str]] = {}
    for problem in landed.problems:
        found.setdefault(problem.sample_id, []).append(problem.rule)
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KOR-2014", "KOR-2013"),
        ("KOR-2013", "JPN-2013"),
        ("KOR-2020", "JPN-2018"),
        ("KOR-2023", "JPN-2021"),
        ("KOR-2021", "JPN-2021"),
        ("KOR-2019", "JPN-2020"),
        ("JPN-2014", "KOR-2016"),
    ],
)
def test_two_files_are_swapped(tmp_path: Path, one: str, other: str) -> None:
    """With another encoding, sheet, header row or with three quarters of the columns in common."""
    shelf = Shelf(tmp_path, one, other)
    first, second = shelf.path(one).read_bytes(), shelf.path(other).read_bytes()
    shelf.path(one).write_bytes(second)
    shelf.path(other).write_bytes(first)
    landed = shelf.land()
    assert rules(landed) == {one: ["wrong_sample"], other: ["wrong_sample"]}
    says = {problem.sample_id: problem.what for problem in landed.problems}
    assert f"the columns are those of {other}" in says[one]
    assert f"the columns are those of {one}" in says[other]


def test_the_file_of_another_wave_stands_there_twice(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, "KOR-2019", "KOR-2022")
    shutil.copyfile(shelf.path("KOR-2019"), shelf.path("KOR-2022"))
    landed = shelf.land()
    assert rules(landed) == {"KOR-2022": ["wrong_sample"]}


def test_the_same_bytes_where_the_columns_tell_nothing(tmp_path: Path) -> None:
    """Two samples with the same columns have the same file: one of them is wrong, so neither is checked."""
    shelf = Shelf(tmp_path, "KOR-2013", "KOR-2014")
    shutil.copyfile(shelf.path("KOR-2013"), shelf.path("KOR-2014"))
    same = {"KOR-2013": CROSSWALK["KOR-2013"], "KOR-2014": CROSSWALK["KOR-2013"]}
    landed = land([SAMPLES["KOR-2013"], SAMPLES["KOR-2014"]], shelf.raw, shelf.landing, same)
    assert [(p.sample_id, p.rule, p.what) for p in landed.problems] == [
        ("KOR-2013", "wrong_sample", "the file is, byte for byte, that of KOR-2014"),
        ("KOR-2014", "wrong_sample", "the file is, byte for byte, that of KOR-2013"),
    ]


def test_the_sidecar_tells_of_another_sample(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, "KOR-2015")
    sidecar = RAW / (SAMPLES["KOR-2015"]["file"] + ".json")
    content = sidecar.read_text(encoding="utf-8").replace("KOR-2015", "KOR-2014")
    shelf.path("KOR-2015").with_name("KOR.sav.json").write_text(content, encoding="utf-8")
    (problem,) = shelf.land().problems
    assert (problem.rule, problem.what) == (
        "wrong_sample",
        "its sidecar says that it is the file of KOR-2014",
    )


def test_a_new_sample_without_crosswalk_is_not_called_another_one(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, "KOR-2013", "KOR-2014")
    content = shelf.path("KOR-2013").read_bytes()
    shelf.path("KOR-2014").write_bytes(content.replace(b"20130001", b"20140001"))
    row = SAMPLES["KOR-2014"] | {"id_variable": SAMPLES["KOR-2013"]["id_variable"]}
    crosswalk = {"KOR-2013": CROSSWALK["KOR-2013"]}
    assert land([SAMPLES["KOR-2013"], row], shelf.raw, shelf.landing, crosswalk).problems == []


def test_the_encoding_that_gives_the_expected_header(tmp_path: Path) -> None:
    """Korean bytes that are cp932 text too: only the header tells."""
    shelf = Shelf(tmp_path, "KOR-2013")
    lines = shelf.path("KOR-2013").read_bytes().split(b"\r\n")
    ascii_only = b"\r\n".join([lines[0], *(line for line in lines[1:] if line.isascii())])
    shelf.path("KOR-2013").write_bytes(ascii_only)
    row = SAMPLES["KOR-2013"] | {"encoding": "cp932"}
    (problem,) = land([row], shelf.raw, shelf.landing, CROSSWALK).problems
    assert problem.rule == "wrong_encoding" and "cp949" in problem.what and "cp949" in problem.fix
