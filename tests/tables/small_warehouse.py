"""A small made-up warehouse with the columns of the released one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb
import yaml
from kjpoll.tables.warehouse import TABLES

MODELS = Path(__file__).parents[2] / "dbt_project" / "models"

MODEL = {
    "variant": "published",
    "series": "KOR",
    "wave": 2023,
    "first_wave": 2023,
    "last_wave": 2023,
    "link": "logit",
    "sample_id": "KOR-2023",
    "outcome": "impression",
    "formula": "made up",
    "n_sample": 1008,
    "n_obs": 925,
    "log_likelihood": -1242.087154,
    "pseudo_r2": 0.086532,
    "aic": 2496.174309,
    "bic": 2525.153071,
    "vce": "oim",
    "weight": "none",
    "converged": True,
    "basis": "published",
}
QUESTIONS = [
    ("impression", "Impression of the other country", "상대국에 대한 인상", "相手国に対する印象"),
    (
        "attitude",
        "Government's attitude, in % & more: a label that takes two lines",
        "정부의 태도",
        "政府の姿勢",
    ),
    ("trade", "Nature of trade <goods_only>", "무역의 성격", "貿易の性格"),
    ("age", "Age group", "연령대", "年代"),
]
CATEGORIES = [
    ("impression", "good", 1, None, "Good", "좋음", "よい"),
    ("impression", "neither", 2, None, "Neither", "보통", "どちらともいえない"),
    ("impression", "bad", 3, None, "Bad", "나쁨", "よくない"),
    ("impression", "dont_know", None, "dont_know", "Don't know", "모름", "わからない"),
    ("trade", "complementary", 1, None, "Mutually complementary", "상호 보완적", "相互補完的"),
    ("trade", "competitive", 2, None, "Mutually competitive", "상호 경쟁적", "競争的"),
    ("trade", "no_answer", None, "no_answer", "No answer", "무응답", "無回答"),
    ("trade", "not_sure", None, "dont_know", "Not sure", "잘 모르겠음", "よくわからない"),
]
COUNTRIES = [("KOR", 1, "South Korea", "한국", "韓国"), ("JPN", 2, "Japan", "일본", "日本")]
SAMPLES = [("KOR-2023", 2023, "KOR", True), ("JPN-2023", 2023, "JPN", False)]
# Per model: term, category_id, reference_category, estimate, statistic, stars; cut points last.
TERMS = {
    "table1_model1": [
        ("attitude", None, None, 0.5656, 6.043, "***"),
        ("cut1", None, None, 0.51148, 1.745, ""),
        ("cut2", None, None, 3.0812, 11.14, "***"),
    ],
    "table1_model2": [
        ("attitude", None, None, -0.06641, -0.21, ""),
        ("trade", "not_sure", "complementary", 0.3081, 1.62, ""),
        ("trade", "competitive", "complementary", 0.41349, 2.857, "**"),
        ("age", None, None, 0.0999996, -0.004, ""),
        ("cut1", None, None, 1.1222, 3.48, "***"),
        ("cut2", None, None, 3.8981, 12.48, "***"),
    ],
    "pooled": [
        ("attitude", None, None, 1.25, 2.0, "*"),
        ("wave", "2022", "2023", -0.5, -1.0, ""),
        ("cut1", None, None, -0.25, -0.5, ""),
    ],
}

# Per model: test, kind, term, p value of tests of proportional odds.
ODDS = [
    (
        "table1_model1",
        ("score", "overall", None, 0.2),
        ("score", "term", "attitude", 0.06),
        ("brant", "overall", None, 0.001),
    ),
    (
        "table1_model2",
        ("score", "overall", None, 0.001),
        ("score", "term", "trade", 0.049),
        ("score", "term", "age", None),
        ("score", "level", "attitude", 0.01),
    ),
    ("pooled", ("score", "overall", None, None), ("score", "term", "trade", 0.004)),
]


class Warehouse:
    """Rows to be changed before `write` makes the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: dict[str, list[dict]] = {
            "analysis.regression_model": [
                MODEL | {"model_id": "table1_model1", "printed_table": 1, "model": 1},
                MODEL
                | {
                    "model_id": "table1_model2",
                    "printed_table": 1,
                    "model": 2,
                    "n_obs": 895,
                    "pseudo_r2": 0.0035,
                    "aic": 99.96,
                },
                MODEL
                | {
                    "model_id": "pooled",
                    "basis": "assumed",
                    "sample_id": "JPN-2023",
                    "series": "JPN",
                    "vce": "robust",
                    "weight": "weight",
                    "n_obs": 705,
                },
            ],
            "analysis.regression_assumption": [
                {
                    "model_id": model,
                    "variant": "published",
                    "test_position": place,
                    "test": test,
                    "kind": kind,
                }
                | {"term": term, "p_value": p_value}
                for model, *rows in ODDS
                for place, (test, kind, term, p_value) in enumerate(rows, 1)
            ],
            "analysis.regression_term": [row for model in TERMS for row in terms(model)],
            "marts.dim_question": [
                dict(zip(("question_id", "label_en", "label_ko", "label_ja"), row, strict=True))
                | {"answer_type": "ordinal"}
                for row in QUESTIONS
            ],
            "marts.dim_category": [
                dict(
                    zip(
                        (
                            "question_id",
                            "category_id",
                            "position",
                            "missing_type",
                            "label_en",
                            "label_ko",
                            "label_ja",
                        ),
                        row,
                        strict=True,
                    )
                )
                for row in CATEGORIES
            ],
            "marts.dim_sample": [
                dict(zip(("sample_id", "wave", "country", "synthetic"), row, strict=True))
                | {"series": row[2]}
                | {"n_respondents": 1000, "design_effect": 1.5, "sha256": "0"}
                for row in SAMPLES
            ],
            "marts.dim_country": [
                dict(zip(("country", "country_order", "label_en", "label_ko", "label_ja"), row, strict=True))
                for row in COUNTRIES
            ],
        }

    def write(self, without: str = "") -> Path:
        with duckdb.connect(self.path) as con:
            for schema in ("analysis", "marts"):
                con.execute(f"create schema {schema}")
            for table in TABLES:
                if table != without:
                    con.execute(f"create table {table} ({columns(table) or self.of_rows(table)})")
                    for row in self.rows[table]:
                        con.execute(
                            f"insert into {table} ({', '.join(row)}) values ({', '.join('?' * len(row))})",
                            list(row.values()),
                        )
        return self.path

    def of_rows(self, table: str) -> str:
        """The columns that the rows of a table have, for one whose columns follow a seed."""
        types = {
            name: "integer" if isinstance(cell, int) else "varchar"
            for row in self.rows[table]
            for name, cell in row.items()
            if cell is not None
        }
        names = dict.fromkeys(name for row in self.rows[table] for name in row)
        return ", ".join(f"{name} {types.get(name, 'varchar')}" for name in names)


@cache
def columns(table: str) -> str:
    """The columns of the released table, from the file of its schema that dbt enforces them by; none where it does not."""
    schema, _, name = table.partition(".")
    (declared,) = [
        model["columns"]
        for path in (MODELS / schema).rglob("models.yml")
        for model in yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))["models"]
        if model["name"] == name
    ]
    return ", ".join(
        f"{column['name']} {column['data_type']}"
        + (" not null" if {"type": "not_null"} in column.get("constraints", []) else "")
        for column in declared
        if "data_type" in column
    )


def terms(model: str) -> list[dict]:
    """The rows of regression_term of a model in TERMS."""
    return [
        {
            "model_id": model,
            "variant": "published",
            "term_position": place,
            "term": term,
            "category_id": level,
            "kind": "cut_point" if term.startswith("cut") else "coefficient",
            "reference_category": reference,
            "estimate": estimate,
            "statistic": statistic,
            "std_error": 1.0,
            "stars": stars,
        }
        for place, (term, level, reference, estimate, statistic, stars) in enumerate(TERMS[model], 1)
    ]
