"""Why what is computed from the facts changed: each table inherits the causes of what it is computed from."""

from __future__ import annotations

import duckdb

from . import judgements, regressions, series, shares


def find_causes_of_results(con: duckdb.DuckDBPyConnection) -> None:
    """Add to `because` for every table but those of facts; the tables of results.

    Needs the tables that inputs and facts leave, and model_row, model_term, seed_term, option_of, claim_of.
    """
    # Parents first: a figure inherits from the shares, a reconciliation from the models.
    for part in (shares, series, regressions, judgements):
        for statement in part.STATEMENTS:
            con.execute(statement)
