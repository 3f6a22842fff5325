"""The values of a build that are signed, and what each of its aspects is of."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from ..errors import ReleaseError
from .signed_files import COVERS, NET, TOPLINE, ValueKey

QUERY = f"""
select '{TOPLINE}', sample_id, question_id, category_id, [cast(n as varchar), cast(base_n as varchar)]
from analysis.topline
union all
select '{NET}', sample_id, question_id, net, [cast(n as varchar), cast(base_n as varchar)]
from analysis.topline_net
union all
select '{COVERS}', '', '', aspect, [table_name, columns] from intermediate.int_signed_aspect
union all
select aspect, sample_id, question_id, item, [sha256] from intermediate.int_signed_digest
"""


@dataclass(frozen=True)
class BuiltValues:
    """values: what is signed, inputs included. inputs and seeds: the aspects that are no value, and those of a seed.

    parents: question -> those whose answers decide, in some sample, who is asked it.
    """

    values: dict[ValueKey, tuple[str, ...]]
    inputs: frozenset[str]
    seeds: frozenset[str]
    parents: dict[str, list[str]]

    @classmethod
    def of(cls, con: duckdb.DuckDBPyConnection) -> BuiltValues:
        """Of the build that `con` has open. Raises ReleaseError where it has no such tables."""
        try:
            values = {ValueKey(*key): tuple(cells) for *key, cells in con.execute(QUERY).fetchall()}
            aspects = con.execute(
                "select aspect, is_input, is_seed from intermediate.int_signed_aspect"
            ).fetchall()
            parents = con.execute(
                "select availability.question_id, list(distinct universes.question_id order by universes.question_id) "
                "from marts.availability inner join marts.dim_universe as universes using (universe) group by all"
            ).fetchall()
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise ReleaseError(
                "the build has no values to be compared with the signed ones: it is of an older version, or stopped before "
                f"the end; run `dbt build` first ({str(error).splitlines()[0]})"
            ) from error
        return cls(
            values,
            frozenset(aspect for aspect, is_input, _ in aspects if is_input),
            frozenset(aspect for aspect, _, is_seed in aspects if is_seed),
            dict(parents),
        )
