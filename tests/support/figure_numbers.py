"""Which numbers a figure's charts print, from the warehouse."""

from __future__ import annotations

from collections import Counter

import duckdb
from kjpoll.report.figure_charts import SMALLEST_IN_A_STACK
from kjpoll.report.line_charts import SMALLEST_ON_A_LINE
from kjpoll.tables.numbers import percent


def printed_numbers(warehouse: duckdb.DuckDBPyConnection, number: int, country: str) -> Counter[str]:
    """Percentage as printed -> how many texts of a chart show it, for one country of `figure_NN`.

    A line's number is drawn twice, with a halo; small shares are drawn without one, and so is what is assumed.
    """
    trend, multiple = warehouse.execute(
        f"select any_value(grouping) = 'net' and count(distinct wave) > 2, any_value(answer_type) = 'multiple' "
        f"from analysis.figure_{number:02d} inner join seeds.figures as figures using (figure) "
        "inner join marts.dim_question as question on figures.question_id = question.question_id"
    ).fetchone()
    shares = warehouse.execute(
        f"select pct from analysis.figure_{number:02d} where country = ? and basis <> 'assumed'", [country]
    ).fetchall()
    found: Counter[str] = Counter()
    for (pct,) in shares:
        times = (
            (pct >= SMALLEST_ON_A_LINE) * 2 if trend else 1 + (not multiple and pct >= SMALLEST_IN_A_STACK)
        )
        if times:
            found[percent(pct)] += times
    return found
