"""Simulated surveys with known coefficients: scales, age groups, indicators, an outcome of five answers."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

CUTS = np.array([-1.6, 0.1, 1.3, 3.0])
SURVEY = {
    "government": 0.45,
    "importance": 0.30,
    "leader": -0.20,
    "relations": 0.15,  # answers 1..5
    "age_group": 0.25,
    "ideology": -0.07,
    "income": -0.10,  # 1..6, 0..10, standard normal
    "female": 0.20,
    "competitive": 0.35,
    "not_sure": 0.15,  # 0 or 1; the last two of one question
    "region_2": -0.30,
    "region_3": 0.10,
    "region_4": 0.25,
}  # 0 or 1, of one question
POLL = ["government", "importance", "relations", "age_group", "ideology", "competitive", "not_sure"]

# Name of the question: number of its answers, and whether each answer but the first is a column.
LEVELS = {
    "government": (5, False),
    "importance": (5, False),
    "leader": (4, False),
    "media": (5, True),
    "region": (5, True),
    "female": (2, True),
    "visited": (2, True),
}


def survey(n: int, columns: list[str], random: np.random.Generator) -> tuple[np.ndarray, pd.DataFrame]:
    """(n,) outcomes 0..4 and an (n, len(columns)) frame of covariates, coefficients as in SURVEY."""
    frame = pd.DataFrame(
        {
            name: random.choice(5, n, p=[0.1, 0.25, 0.3, 0.2, 0.15]) + 1.0
            for name in ("government", "importance", "leader", "relations")
        }
    )
    frame["age_group"] = random.integers(1, 7, n).astype(float)
    frame["ideology"] = random.binomial(10, 0.5, n).astype(float)
    frame["income"] = random.standard_normal(n)
    frame["female"] = random.integers(0, 2, n).astype(float)
    economic, region = random.choice(3, n, p=[0.5, 0.35, 0.15]), random.integers(1, 5, n)
    frame["competitive"], frame["not_sure"] = (economic == 1) * 1.0, (economic == 2) * 1.0
    for level in (2, 3, 4):
        frame[f"region_{level}"] = (region == level) * 1.0
    frame = frame[columns]
    linear = frame.to_numpy() @ [SURVEY[name] for name in columns]
    latent = linear + random.logistic(size=n)
    return np.searchsorted(cut_points(columns), latent).astype(np.int64), frame


def cut_points(columns: list[str]) -> np.ndarray:
    """(4,) true cut points, moved so that every answer is given often."""
    means = {
        "government": 3.05,
        "importance": 3.05,
        "leader": 3.05,
        "relations": 3.05,
        "age_group": 3.5,
        "ideology": 5.0,
    }
    return CUTS - 0.6 + sum(SURVEY[name] * means.get(name, 0.0) for name in columns)


def large_survey(path: Path, n: int) -> list[str]:
    """Write a table `response` of n rows, an outcome and 13 covariates (about 50,000 patterns), to a
    new DuckDB file; the names of the covariates. Values are hashes of the row number, so they do not
    depend on the number of threads.
    """
    questions, columns, linear = [], {}, []
    for place, (name, (levels, indicators)) in enumerate(LEVELS.items()):
        questions.append(f"cast(floor({_uniform(place)} * {levels}) as utinyint) as {name}")
        if indicators:
            for level in range(1, levels):
                columns[f"{name}_{level}"] = f"cast({name} = {level} as utinyint)"
                linear.append(f"{0.3 * (-1) ** level + 0.05 * level} * ({name} = {level})::int")
        else:
            columns[name] = f"cast({name} + 1 as utinyint)"
            linear.append(f"{0.4 - 0.15 * place} * {name}")
    answers = " + ".join(f"(latent > {cut})::int" for cut in CUTS)
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"""
            create table response as
            with person as (
                select {", ".join(questions)}, {_uniform(99)} as u from range({n}) as t(i)),
            latent as (select *, {" + ".join(linear)} + ln(u / (1 - u)) as latent from person)
            select cast({answers} as utinyint) as outcome,
                   {", ".join(f"{value} as {name}" for name, value in columns.items())}
            from latent""")
    return list(columns)


def _uniform(place: int) -> str:
    """A number between 0 and 1, both excluded, for column `place` of row i."""
    return f"(((hash(i * 128 + {place}) >> 11)::double + 0.5) / 9007199254740992)"
