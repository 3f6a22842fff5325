"""The records of the released file whose wave file was replaced, to see whether their identifiers moved."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from .history import opened

SCHEMA = pa.schema([("sample_id", pa.string()), ("agency_id", pa.string()), ("answer_digest", pa.uint64())])
# As int_rule_identifier takes the digest of a record of the build: of all that it holds beside its identifier.
RECORDS = """
    select cell.sample_id, identifier.value as agency_id,
        bit_xor(hash(cell.variable || '=' || coalesce(cell.value, '<blank>'))) as answer_digest
    from released.raw.answer as cell
    inner join released.seeds.variables as used on cell.sample_id = used.sample_id and used.role = 'id'
    inner join released.raw.answer as identifier
        on cell.sample_id = identifier.sample_id and cell.row = identifier.row and used.variable = identifier.variable
    where list_contains(?, cell.sample_id) and cell.variable <> used.variable
    group by cell.sample_id, cell.row, identifier.value
"""


def released_records(release_path: str | Path, sha256: Mapping[str, str]) -> pa.Table:
    """One row per record of those samples of which the released file read another wave file. Columns as in SCHEMA.

    sha256: of each sample's wave file now. No row where nothing was released yet, or where the file cannot be read,
    which `previous_release` logs.
    """
    path = Path(release_path)
    if not path.exists():
        return SCHEMA.empty_table()
    try:
        with opened(path) as con:
            files = con.execute("select sample_id, sha256 from released.raw.wave_file").fetchall()
            replaced = [sample for sample, digest in files if sha256.get(sample, digest) != digest]
            rows = con.execute(RECORDS, [replaced]).fetchall() if replaced else []
    except duckdb.Error:
        return SCHEMA.empty_table()
    columns = list(zip(*rows)) or [()] * len(SCHEMA)
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, SCHEMA)], schema=SCHEMA)
