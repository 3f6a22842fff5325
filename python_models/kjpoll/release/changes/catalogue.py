"""What the comparison of two releases knows of the tables: their keys, and which columns of which seed decide what.

The tables and the seeds of a release are compared by the keys given here; a test holds them complete and unique.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PublicTable:
    """A public table. `per_respondent`: its rows are respondents' facts, reported as numbers of respondents."""

    schema: str
    name: str
    key: tuple[str, ...]
    per_respondent: bool = False


@dataclass(frozen=True)
class Seed:
    """A seed: the schema and the file that it stands in, its key, and what a changed line of it is called."""

    schema: str
    folder: str
    name: str
    key: tuple[str, ...]

    @property
    def file(self) -> str:
        return f"{self.folder}/{self.name}.csv"

    @property
    def cause(self) -> str:
        return LINE_OF.get(self.folder, "crosswalk line")


RAW_FILE, CROSSWALK = "raw file", "crosswalk line"
CODE, ENGINE, CODE_OR_ENGINE = "model or code", "engine", "model, code or engine"
DATE, UNEXPLAINED = "date", "unexplained"
LINE_OF = {"published": "published line", "analysis": "analysis line", "quality": "rule line"}

REGRESSIONS = ("regression_model", "regression_term", "regression_effect", "regression_assumption")
FIGURE_KEY = ("country", "wave", "question_id", "series")

# Parents first: a table may inherit the causes of those above it.
TABLES = (
    PublicTable("marts", "fct_response", ("respondent_id", "question_id"), True),
    PublicTable("marts", "fct_multiple_response", ("respondent_id", "question_id", "category_id"), True),
    PublicTable("marts", "dim_respondent", ("respondent_id",), True),
    PublicTable("marts", "panel", ("respondent_id",), True),
    PublicTable("marts", "dim_sample", ("sample_id",)),
    PublicTable("marts", "dim_question", ("question_id",)),
    PublicTable("marts", "dim_category", ("question_id", "category_id")),
    PublicTable("marts", "availability", ("question_id", "sample_id")),
    PublicTable("analysis", "topline", ("wave", "country", "question_id", "category_id")),
    PublicTable("analysis", "topline_net", ("wave", "country", "question_id", "net")),
    PublicTable("analysis", "trend", ("country", "question_id", "net", "wave")),
    PublicTable("analysis", "regression_model", ("model_id",)),
    PublicTable("analysis", "regression_term", ("model_id", "kind", "term", "category_id")),
    PublicTable(
        "analysis",
        "regression_effect",
        ("model_id", "kind", "term", "category_id", "reference_category", "outcome_category"),
    ),
    PublicTable("analysis", "regression_assumption", ("model_id", "kind", "term", "category_id")),
    PublicTable(
        "analysis", "regression_sensitivity", ("model_id", "alternative_id", "kind", "term", "category_id")
    ),
    PublicTable("quality", "drift", ("sample_id", "question_id", "category_id")),
    PublicTable(
        "quality",
        "reconciliation_topline",
        ("published_in", "wave", "country", "question_id", "option_id", "source_id"),
    ),
    PublicTable("quality", "reconciliation_claim", ("claim_id",)),
    PublicTable(
        "quality",
        "reconciliation_regression",
        ("printed_table", "model", "kind", "term", "category_id", "statistic"),
    ),
    PublicTable("quality", "provenance", ("sample_id", "variable", "code")),
    PublicTable("quality", "response_code_audit", ("sample_id", "expectation")),
    PublicTable("quality", "violation", ("rule", "file", "sample_id", "question_id", "variable", "code")),
)

SEEDS = (
    Seed("seeds", "survey", "samples", ("sample_id",)),
    Seed("seeds", "survey", "questions", ("question_id",)),
    Seed("seeds", "survey", "categories", ("category_set", "category_id")),
    Seed("seeds", "crosswalk", "variables", ("sample_id", "variable")),
    Seed("seeds", "crosswalk", "code_lists", ("code_list", "code")),
    Seed("seeds", "crosswalk", "waivers", ("rule", "sample_id", "question_id", "variable", "code")),
    Seed("seeds", "survey", "known_changes", ("sample_id", "question_id", "category_id")),
    Seed("seeds", "survey", "missing_bands", ("country", "question_id", "missing_type")),
    Seed("seeds", "quality", "rules", ("rule",)),
    Seed("seeds", "quality", "missing_codes", ("code",)),
    Seed("seeds", "analysis", "figures", ("figure",)),
    Seed("seeds", "analysis", "regression_models", ("model_id",)),
    Seed("seeds", "analysis", "regression_terms", ("model_id", "term")),
    Seed("seeds", "analysis", "regression_alternatives", ("alternative_id",)),
    Seed("published", "published", "toplines", ("wave", "country", "question_id", "option_id", "source_id")),
    Seed(
        "published", "published", "demographics", ("wave", "country", "question_id", "option_id", "source_id")
    ),
    Seed("published", "published", "topline_options", ("question_id", "option_id", "category_id")),
    Seed("published", "published", "claims", ("claim_id",)),
    Seed(
        "published",
        "published",
        "regression_tables",
        ("printed_table", "model", "kind", "term", "category_id"),
    ),
    Seed(
        "published",
        "published",
        "subgroups",
        ("wave", "country", "question_id", "option_id", "subgroup", "value"),
    ),
    Seed("published", "published", "sources", ("source_id",)),
)


def is_figure(table: str) -> bool:
    """Figures have one table each; how many there are is the project's affair."""
    return table.startswith("figure_")
