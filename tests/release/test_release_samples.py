"""A release is made of the one before: samples that were not rebuilt stay, and all others are written and compared."""

import duckdb
import pytest
from kjpoll.release import ReleaseError, changing, publish, publishing
from kjpoll.release.samples import unchanged_samples

pytestmark = pytest.mark.slow

TABLE = ("marts", "answer")
# What was built last stands last in the build, and by wave and country in a release.
SAMPLES = {"B-2": (2, "B"), "A-1": (1, "A"), "A-2": (2, "A")}
ORDERED = ["A-1", "A-2", "B-2"]


def rebuild(build, sample_id, content, n=2000):
    """Build a sample's rows, and what decided them."""
    build.con.execute("delete from marts.answer where sample_id = ?", [sample_id])
    build.con.execute(
        "insert into marts.answer select ?, i, ? from range(?) as r(i)", [sample_id, content, n]
    )
    build.con.execute("delete from intermediate.sample_fingerprint where sample_id = ?", [sample_id])
    build.con.execute(
        "insert into intermediate.sample_fingerprint values ('answer', ?, md5(?))", [sample_id, content]
    )


@pytest.fixture
def build(build):
    build.con.execute("create table marts.dim_sample (sample_id varchar, wave integer, country varchar)")
    build.con.execute("create table marts.answer (sample_id varchar, i integer, content varchar)")
    build.con.execute(
        "create table intermediate.sample_fingerprint (model varchar, sample_id varchar, fingerprint varchar)"
    )
    for sample_id, (wave, country) in SAMPLES.items():
        build.con.execute("insert into marts.dim_sample values (?, ?, ?)", [sample_id, wave, country])
        rebuild(build, sample_id, "first")
    publish(build.con, build.release)
    return build


@pytest.fixture
def written(monkeypatch):
    """The samples that a release writes."""
    samples = []
    copy_samples = changing.copy_samples

    def record(con, name, new, table, wanted, order):
        samples.extend(wanted)
        copy_samples(con, name, new, table, wanted, order)

    for module in (changing, publishing):
        monkeypatch.setattr(module, "copy_samples", record)
    return samples


def released(build, read):
    """(sample, rows, content) in the order of the released file."""
    return read(
        build.release,
        "select sample_id, count(*), any_value(content) from marts.answer group by sample_id order by min(rowid)",
    )


def declare(build, table, order):
    """Say by what a table's rows are ordered in a release."""
    build.con.execute(
        "create table if not exists intermediate.release_order "
        "(schema_name varchar, table_name varchar, row_order varchar)"
    )
    build.con.execute("delete from intermediate.release_order where table_name = ?", [table])
    build.con.execute("insert into intermediate.release_order values ('marts', ?, ?)", [table, order])


def shuffle(build, table, seed):
    build.con.execute(f"create or replace temp table shuffled as from {table} order by hash(i + {seed})")
    build.con.execute(f"delete from {table}")
    build.con.execute(f"insert into {table} from temp.shuffled")


def unchanged(build):
    return unchanged_samples(build.con, "warehouse", build.release)


def test_nothing_rebuilt_is_nothing_to_write(build, written):
    assert unchanged(build) == {TABLE: set(SAMPLES)}
    assert publish(build.con, build.release)["released"].tolist() == [False]
    assert written == []


@pytest.mark.parametrize(
    ("sample_id", "rewritten"), [("B-2", ["B-2"]), ("A-2", ["A-2", "B-2"]), ("A-1", ORDERED)]
)
def test_the_samples_from_the_first_rebuilt_one_on_are_written(build, read, written, sample_id, rewritten):
    rebuild(build, sample_id, "second", n=1500)
    assert unchanged(build) == {TABLE: set(SAMPLES) - {sample_id}}
    build.release_row("second", hour=1)
    assert publish(build.con, build.release)["released"].tolist() == [True]
    assert written == rewritten
    assert released(build, read) == [
        (name, 1500, "second") if name == sample_id else (name, 2000, "first") for name in ORDERED
    ]
    assert unchanged(build) == {TABLE: set(SAMPLES)}


def test_a_rebuilt_sample_of_the_same_rows_is_released_no_more_and_not_looked_at_again(build, written):
    build.con.execute("update intermediate.sample_fingerprint set fingerprint = 'other code'")
    assert unchanged(build) == {}
    assert publish(build.con, build.release)["released"].tolist() == [False]
    assert written == []
    assert unchanged(build) == {TABLE: set(SAMPLES)}


def test_a_sample_that_came_or_went(build, read):
    build.con.execute("insert into marts.dim_sample values ('A-3', 3, 'A')")
    rebuild(build, "A-3", "new")
    for table in ("marts.dim_sample", "marts.answer", "intermediate.sample_fingerprint"):
        build.con.execute(f"delete from {table} where sample_id = 'A-2'")
    build.release_row("second", hour=1)
    publish(build.con, build.release)
    assert [row[0] for row in released(build, read)] == ["A-1", "B-2", "A-3"]


def test_a_released_file_that_was_touched_is_compared_as_a_whole(build, read, written):
    with duckdb.connect(build.release) as con:
        con.execute("update marts.answer set content = 'forged' where i = 7 and sample_id = 'A-1'")
    assert unchanged(build) == {}
    assert publish(build.con, build.release)["released"].tolist() == [True]
    assert written == ORDERED
    assert released(build, read) == [(name, 2000, "first") for name in ORDERED]


@pytest.mark.parametrize(
    "damage",
    [
        "delete from {copy}.marts.answer where sample_id = 'A-1' and i = 7",
        "insert into {copy}.marts.answer from {copy}.marts.answer where sample_id = 'A-1' and i = 7",
        "update {copy}.marts.answer set content = 'other' where sample_id = 'B-2' and i = 7",
        "delete from {copy}.marts.answer where sample_id = 'B-2' and i = 7",
        "update {copy}.marts.dim_sample set wave = 7 where sample_id = 'B-2'",
    ],
)
def test_the_check_finds_a_changed_copy_that_differs(build, monkeypatch, damage):
    change, before = publishing.change, build.release.read_bytes()

    def change_badly(con, name, release, new, *rest):
        unmoved = change(con, name, release, new, *rest)
        assert unmoved == {TABLE: ["A-1", "A-2"]}
        with duckdb.connect() as other:
            other.execute(f"attach '{new}' as bad")
            other.execute(damage.format(copy="bad"))
        return unmoved

    rebuild(build, "B-2", "second")
    build.release_row("second", hour=1)
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "change", change_badly)
        with pytest.raises(ReleaseError, match="the copy differs from the build"):
            publish(build.con, build.release)
    assert build.release.read_bytes() == before
    assert publish(build.con, build.release)["released"].tolist() == [True]


@pytest.mark.parametrize("batch_rows", [1, 3000, 1_000_000])
def test_the_order_of_rows_in_the_build_is_not_that_of_the_release(
    build, read, monkeypatch, tmp_path, batch_rows
):
    monkeypatch.setattr(changing, "BATCH_ROWS", batch_rows)
    declare(build, "answer", "i")
    declare(build, "response", "shuffled, i")
    released = []
    for seed in range(2):
        for table in ("marts.answer", "marts.response"):
            shuffle(build, table, seed)
        release = tmp_path / f"{seed}.duckdb"
        publish(build.con, release)
        released.append([read(release, f"from {table}") for table in ("marts.answer", "marts.response")])
    assert released[0] == released[1]
    answers, responses = released[0]
    assert [row[:2] for row in answers] == [(sample_id, i) for sample_id in ORDERED for i in range(2000)]
    assert responses == sorted(responses)
    assert build.con.execute("from marts.answer").fetchall() != answers


def test_samples_that_stand_in_another_order_than_is_declared_are_written_again(build, read, written):
    rebuild(build, "B-2", "second")
    build.release_row("second", hour=1)
    declare(build, "answer", "i desc")
    assert unchanged(build) == {}
    publish(build.con, build.release)
    assert written == ORDERED
    assert unchanged(build) == {TABLE: set(SAMPLES)}
    rows = read(build.release, "select sample_id, i from marts.answer")
    assert rows == [(sample_id, i) for sample_id in ORDERED for i in reversed(range(2000))]


def test_a_file_that_was_not_written_does_not_stand_in_the_order_that_was_declared_since(
    build, read, written
):
    declare(build, "answer", "i desc")
    assert publish(build.con, build.release)["released"].tolist() == [False]
    assert unchanged(build) == {}
    rebuild(build, "B-2", "second")
    build.release_row("second", hour=1)
    publish(build.con, build.release)
    assert written == ORDERED
    assert unchanged(build) == {TABLE: set(SAMPLES)}


def test_a_build_that_recorded_no_order_releases_all_samples_again(build, read, written):
    build.con.execute("alter table intermediate.released_fingerprint drop column row_order")
    assert unchanged(build) == {}
    rebuild(build, "B-2", "second")
    build.release_row("second", hour=1)
    publish(build.con, build.release)
    assert written == ORDERED
    assert unchanged(build) == {TABLE: set(SAMPLES)}


def test_a_release_leaves_the_settings_of_the_session_as_they_were(build):
    def setting():
        return build.con.execute("select current_setting('disabled_compression_methods')").fetchall()

    build.con.execute("set disabled_compression_methods = 'rle'")
    before = setting()
    build.release_row("second", hour=1)
    rebuild(build, "B-2", "second")
    assert publish(build.con, build.release)["released"].tolist() == [True]
    assert setting() == before
