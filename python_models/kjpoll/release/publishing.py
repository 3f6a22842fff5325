"""Copy the public tables of a build into a file of their own and put it in place."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from kjpoll.common.atomic_file import sync, unfinished

from . import files
from .archive import archive_path, prune, put_in_place
from .changing import change, copy_rows, copy_samples
from .errors import ReleaseError
from .history import opened, release_rows
from .hold import refuse_held
from .inventory import Inventory, base_tables, quoted, take_inventory
from .log import log
from .samples import (
    file_sha256,
    record_release,
    release_orders,
    sample_wise_tables,
    samples_in_order,
    unchanged_samples,
)
from .signed import refuse_unsigned_changes
from .soundness import refuse_unsound_build

PUBLIC_SCHEMAS = ("raw", "seeds", "published", "marts", "analysis", "quality")

# The oldest format that DuckDB still writes: clients older than the build read it.
STORAGE_VERSION = "v1.0.0"

# How many replaced releases stay beside the present one.
KEPT_RELEASES = 5

_COPY = "kjpoll_release"


def publish(
    session: duckdb.DuckDBPyConnection,
    release_path: str | Path,
    schemas: Sequence[str] = PUBLIC_SCHEMAS,
    kept_releases: int = KEPT_RELEASES,
    signed: Path | None = None,
) -> pd.DataFrame:
    """Release the build that `session` has open.

    Copies the base tables of `schemas`, with constraints and comments, their rows in the order that is declared (see
    release_orders; tables that are incremental by sample_id by wave and country first) or that the build has where
    none is, and the macros of schema main, into a new
    file beside `release_path`; compares the copy with the build; then replaces `release_path` by it in one step. Where the
    content differs, the replaced file stays as `releases/<release id><suffix>`, and of
    such files the last `kept_releases`. When the present release has the same content,
    nothing is touched. Views, indexes and all other schemas stay behind. A build that would change one of the values in
    the folder `signed` is refused, and so is every build while the release is held (hold.py).

    The build must have a table quality.release with the columns of history.COLUMNS, and the tables of soundness.FAULTS
    without a fault.

    Returns one row: release_id, released (False: the same content was there already),
    tables, rows. Raises ReleaseError, or the error of DuckDB or of the disk; the
    present and the kept releases are then as they were.
    """
    release = Path(release_path).absolute()
    release.parent.mkdir(parents=True, exist_ok=True)
    con = session.cursor()
    try:
        with files.only_one(release.parent):
            refuse_held(release)
            files.remove_left_over(release)
            return _publish(con, release, schemas, kept_releases, signed)
    finally:
        con.close()


def _publish(
    con: duckdb.DuckDBPyConnection,
    release: Path,
    schemas: Sequence[str],
    kept_releases: int,
    signed: Path | None,
) -> pd.DataFrame:
    with files.without_writer(release):
        # A build is not copied in vain. While it takes the place of the release this is held once more.
        refuse_unsound_build(con)
    if signed is not None:
        refuse_unsigned_changes(con, signed, release)
    build = con.execute("select current_database()").fetchall()[0][0]
    sample_wise = sample_wise_tables(con, build)
    unchanged = {
        table: samples
        for table, samples in unchanged_samples(con, build, release).items()
        if table[0] in schemas
    }
    expected = take_inventory(con, build, schemas, unchanged)
    _refuse_catalog_names(expected, build)
    rows = _build_rows(con, build)
    present = _present(release, schemas, unchanged)
    known = present[0] if present else []
    current = ([row for row in rows if row not in known] or rows)[-1]

    same_content = bool(known) and known[-1][2] == current[2]
    same = present and same_content and present[1].without_history() == expected.without_history()
    released = not same
    if released:
        new = unfinished(release, "new")
        try:
            unmoved: dict[tuple[str, str], list[str]] = {}
            with _quickly_compressed(con):
                if present and unchanged and present[1].macros == expected.macros:
                    unmoved = change(
                        con, build, release, new, _COPY, present[1], expected, sample_wise, unchanged
                    )
                else:
                    _copy(con, build, new, schemas, sample_wise)
            if {table: set(samples) for table, samples in unmoved.items()} != unchanged:
                expected = take_inventory(con, build, schemas, unmoved)
            with ThreadPoolExecutor(1) as pool:
                hashed = pool.submit(file_sha256, new)
                _check(new, expected, schemas, unmoved)
            sha256 = hashed.result()
            sync(new)
            keep = present is not None and not same_content and kept_releases > 0
            replaced = archive_path(release, known[-1][0] if known else None) if keep else None
            put_in_place(new, release, replaced)
            prune(release, kept_releases, [row[0] for row in rows])
        finally:
            files.remove(new)
    else:
        sha256 = file_sha256(release)
    try:
        if sample_wise:
            record_release(con, build, sha256, released)
    except duckdb.Error as error:
        log.warning(
            "what was released is not recorded, so the next build compares all of it again (%s)", error
        )
    return pd.DataFrame(
        {
            "release_id": [current[0] if released else known[-1][0]],
            "released": [released],
            "tables": [len(expected.tables)],
            "rows": [expected.n_rows],
        }
    )


def _refuse_catalog_names(expected: Inventory, build: str) -> None:
    named = re.compile(rf'(?<![\w".])"?{re.escape(build)}"?\s*\.\s*"?\w+"?\s*\.', re.IGNORECASE)
    for (name, _), (definition, _) in expected.macros.items():
        if named.search(definition or ""):
            raise ReleaseError(
                f"macro {name}: it names the database {build!r}, which fails in a file of "
                "another name; write schema.table without the database"
            )


def _build_rows(con: duckdb.DuckDBPyConnection, build: str) -> list[tuple]:
    try:
        rows = release_rows(con, build)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise ReleaseError(f"the build has no usable table quality.release: {error}") from error
    if not rows:
        raise ReleaseError("quality.release of the build is empty; it needs the build's own row")
    return rows


def _present(
    release: Path, schemas: Sequence[str], unchanged: Mapping[tuple[str, str], Collection[str]]
) -> tuple[list[tuple], Inventory] | None:
    """Release rows and inventory of the present release; None without a readable one."""
    if not release.exists():
        return None
    try:
        with opened(release) as reader:
            inventory = take_inventory(reader, "released", schemas, unchanged)
            known = ("quality", "release") in inventory.tables
            return (release_rows(reader, "released") if known else []), inventory
    except duckdb.Error as error:
        log.warning("%s: cannot be read and is replaced (%s)", release, str(error).splitlines()[0])
        return None


def _copy(
    con: duckdb.DuckDBPyConnection,
    build: str,
    new: Path,
    schemas: Sequence[str],
    sample_wise: Collection[tuple[str, str]],
) -> None:
    path = str(new).replace("'", "''")
    con.execute(f"attach '{path}' as {_COPY} (storage_version '{STORAGE_VERSION}')")
    try:
        con.execute("begin")
        # Empty tables first, with all that belongs to them; only DuckDB knows how to
        # write down a macro's default values and every kind of constraint.
        con.execute(f"copy from database {quoted(build)} to {_COPY} (schema)")
        _drop_private(con, schemas)
        orders = release_orders(con, build)
        for table in base_tables(con, build, schemas):
            if table in sample_wise:
                samples = samples_in_order(con, build)
                copy_samples(con, build, _COPY, table, samples, orders.get(table, "rowid"))
            else:
                copy_rows(con, build, _COPY, table, orders.get(table))
        con.execute("commit")
        con.execute(f"checkpoint {_COPY}")
    except BaseException:
        _roll_back(con)
        raise
    finally:
        con.execute(f"detach {_COPY}")


@contextmanager
def _quickly_compressed(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Without FSST, which takes a sixth of the time to try and leaves no table of records smaller than a dictionary does."""
    ((before,),) = con.execute("select current_setting('disabled_compression_methods')").fetchall()
    con.execute("set disabled_compression_methods = 'fsst'")
    try:
        yield
    finally:
        con.execute(f"set disabled_compression_methods = '{before}'")


def _roll_back(con: duckdb.DuckDBPyConnection) -> None:
    try:
        con.execute("rollback")
    except duckdb.TransactionException:
        # The commit or what follows it failed: nothing is open any more.
        pass


def _drop_private(con: duckdb.DuckDBPyConnection, schemas: Sequence[str]) -> None:
    views = con.execute(
        "select schema_name, view_name from duckdb_views() "
        "where database_name = ? and not internal order by all",
        [_COPY],
    ).fetchall()
    for view in views:
        con.execute(f"drop view {quoted(_COPY, *view)}")
    private = con.execute(
        "select schema_name from duckdb_schemas() where database_name = ? and not internal "
        "and schema_name <> 'main' and not list_contains(?, schema_name) order by all",
        [_COPY, list(schemas)],
    ).fetchall()
    for (schema,) in private:
        con.execute(f"drop schema {quoted(_COPY, schema)} cascade")
    for table in base_tables(con, _COPY, ["main"]):
        con.execute(f"drop table {quoted(_COPY, *table)}")


def _check(
    new: Path,
    expected: Inventory,
    schemas: Sequence[str],
    unmoved: Mapping[tuple[str, str], Collection[str]],
) -> None:
    """Read the finished file as a reader would and compare it with the build.

    unmoved: samples that were left where they are in the present release, and compared when they were written; their
    rows are counted.
    """
    with opened(new) as con:
        differences = expected.differences(take_inventory(con, "released", schemas, unmoved))
    if differences:
        raise ReleaseError("the copy differs from the build (build and copy):\n" + "\n".join(differences))
