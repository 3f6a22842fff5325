"""Relations that lead from one key to another, before or after: which column reads a code list, which answers a model reads."""

from __future__ import annotations

import jinja2

from kjpoll.common.properties import SHIPPED

from .catalogue import TABLES
from .rows import SAMPLE_WAVE, Sides


def macro(name: str, *arguments: str) -> str:
    """The query of a macro of the project that is plain SQL, for the relations that it is given."""
    path = SHIPPED / "dbt_project" / "macros" / "functions" / f"{name}.sql"
    module = jinja2.Environment().from_string(path.read_text(encoding="utf-8")).module
    return str(getattr(module, name)(*arguments))


VARIABLES = ("seeds", "variables")
USED = [
    "sample_id", "variable", "role", "question_id", "layout", "category_id", "code_list", "delimiter", "universe",
]  # fmt: skip
# Name in the queries: schema, table and columns, of both sides and as text.
SOURCES = {
    "questions": ("seeds", "questions", "question_id category_set universe respondent_role"),
    "models": (
        "analysis",
        "regression_model",
        "model_id base_model_id printed_table model series outcome weight first_wave last_wave common_sample",
    ),
    "terms": ("analysis", "regression_term", "model_id kind term"),
    "seed_terms": ("seeds", "regression_terms", "model_id term"),
    "alternatives": ("seeds", "regression_alternatives", "setting term"),
    "decompositions": ("seeds", "regression_decompositions", "decomposition_id model_id earlier_wave"),
    "options": ("published", "topline_options", "question_id option_id category_id"),
    "margins": ("seeds", "population_margins", "sample_id question_id"),
    "claims": (
        "published",
        "claims",
        "claim_id series question_id option_id measure wave base_wave through_wave",
    ),
}

# Name: query. One may use those above it.
BRIDGES = {
    "question_set": """
        select distinct question_id, unnest([category_set, 'reserved']) as category_set from ({questions})
    """,
    "column_side": """
        select 0 as side, * from ({old_variables}) union all select 1, * from ({new_variables})
    """,
    "column_use": "select distinct sample_id, variable, question_id, code_list from column_side",
    "age_question": "select distinct question_id from ({questions}) where respondent_role = 'age'",
    # The columns whose answers a universe is recomputed for.
    "filtered_column": """
        select distinct universe, sample_id, variable, question_id from column_side where universe is not null
        union
        select distinct questions.universe, column_side.sample_id, column_side.variable, column_side.question_id
        from column_side inner join ({questions}) as questions on column_side.question_id = questions.question_id
        where questions.universe is not null
    """,
    "question_column": """
        select distinct category_set, sample_id, variable, question_set.question_id
        from column_side inner join question_set on column_side.question_id = question_set.question_id
    """,
    "number_column": """
        select distinct category_set, sample_id, variable
        from column_side inner join question_set on column_side.question_id = question_set.question_id
        where layout in ('number', 'birth_year')
    """,
    # An indicator column speaks of its own category.
    "cell": """
        select distinct read_file.cause_id, cell.sample_id, cell.row, cell.variable, used.role, used.question_id,
            case when used.layout = 'indicator' then used.category_id end as category_id
        from changed_cell as cell
        inner join influence as read_file on read_file.node = 'read_file' and cell.sample_id = read_file.sample_id
        left join column_side as used on cell.sample_id = used.sample_id and cell.variable = used.variable
    """,
    "raked_question": "select distinct sample_id, question_id from ({margins})",
    # The codes that the cells of the changed facts hold now, or held where nothing is left.
    "held_code": """
        select distinct fact.value_id, fact.sample_id, fact.question_id, held.variable,
            unnest(case when used.layout = 'delimited' then string_split(coalesce(held.value, '<blank>'), used.delimiter)
                else [coalesce(held.value, '<blank>')] end) as code
        from changed_value as fact
        inner join column_side as used
            on fact.sample_id = used.sample_id and fact.question_id = used.question_id and used.role = 'answer'
            and used.side = case when fact.change = 'removed' then 0 else 1 end
        inner join (
            select 0 as side, * from ({old_answers}) union all select 1, * from ({new_answers})
        ) as held
            on used.side = held.side and fact.sample_id = held.sample_id and used.variable = held.variable
            and cast(substr(fact.respondent_id, length(fact.sample_id) + 2) as integer) = held.row
        where fact.node in ('fct_response', 'fct_multiple_response')
            and (fact.sample_id, fact.question_id) in (select (sample_id, question_id) from influence where node = 'coding')
    """,
    "fitted_model": "{models}",
    # A model is fitted on the answers to its questions; a term that was left out or dropped decides it too.
    "model_question": """
        select model_id, outcome as question_id from fitted_model
        union
        select model_id, term from ({terms}) where kind = 'coefficient'
        union
        select model.model_id, seed.term from fitted_model as model
        inner join ({seed_terms}) as seed on seed.model_id in (model.model_id, model.base_model_id)
    """,
    # With a common sample, on those who answered the questions of its whole table; an alternative may ask for that, or weight
    # the respondents by what everybody answered.
    "asked_question": """
        select model.*, model_question.question_id, false as of_table
        from fitted_model as model inner join model_question on model.model_id = model_question.model_id
        union
        select model.*, model_question.question_id, not cast(model.common_sample as boolean)
        from fitted_model as model
        left join fitted_model as base on model.base_model_id = base.model_id
        inner join fitted_model as beside
            on coalesce(model.printed_table, base.printed_table) = beside.printed_table
        inner join model_question on beside.model_id = model_question.model_id
        union
        select model.*, trim(unnest(string_split(alternative.term, ';'))), true
        from fitted_model as model
        inner join ({alternatives}) as alternative on alternative.setting = 'complete_cases'
        where model.printed_table is not null
    """,
    "read_answer": """
        select distinct asked.model_id, sample_wave.sample_id, asked.question_id, asked.of_table,
            coalesce(asked.weight, 'none') <> 'none' as weighted
        from asked_question as asked
        inner join sample_wave
            on list_contains(string_split(asked.series, ';'), sample_wave.series)
            and sample_wave.wave between asked.first_wave and asked.last_wave
    """,
    "model_reads": "select model_id, sample_id, question_id from read_answer where not of_table",
    "table_reads": "select model_id, sample_id, question_id from read_answer where of_table",
    "weighted_model_reads": "select model_id, sample_id, question_id from read_answer where weighted and not of_table",
    "weighted_table_reads": "select model_id, sample_id, question_id from read_answer where weighted and of_table",
    "model_kin": """
        select model_id, model_id as fitted_model from fitted_model
        union
        select base_model_id, model_id from fitted_model where base_model_id is not null
    """,
    "table_kin": """
        select distinct beside.model_id, model.model_id as fitted_model
        from fitted_model as model inner join fitted_model as beside on model.printed_table = beside.printed_table
    """,
    # Of the models of both waves, which are fitted again on the terms that both asked.
    "taken_apart": """
        select distinct seed.decomposition_id, model.model_id
        from ({decompositions}) as seed
        inner join fitted_model as model
            on seed.model_id = model.model_id
            or seed.model_id = model.base_model_id and cast(seed.earlier_wave as integer) = cast(model.first_wave as integer)
    """,
    "printed_model": "select distinct model_id, printed_table, model from fitted_model",
    "option_category": "{options}",
    "claim_reads": macro("claim_reads", "({claims})", "sample_wave"),
}


class Bridges:
    """The relations as temporary tables, each made when it is first asked for. `public`: nodes that are public tables."""

    def __init__(self, sides: Sides) -> None:
        self._con = sides.con
        self._made = {"sample_wave": list(SAMPLE_WAVE)}
        self.public = {table.name for table in TABLES} | {"figure"}
        self._sources = {
            name: sides.both(schema, table, columns.split())
            for name, (schema, table, columns) in SOURCES.items()
        }
        for side, name in enumerate(("old", "new")):
            self._sources[f"{name}_variables"] = sides.select(side, *VARIABLES, USED)
            self._sources[f"{name}_answers"] = sides.answers(side)

    def columns(self, name: str) -> list[str]:
        """The columns of a relation, which is there then."""
        if name not in self._made:
            query = BRIDGES[name].format_map(self._sources)
            for needed in sorted((set(query.replace(",", " ").split()) & set(BRIDGES)) - {name, *self._made}):
                self.columns(needed)
            self._con.execute(f"create or replace temp table {name} as {query}")
            described = self._con.execute(f"describe {name}").fetchall()
            self._made[name] = [column for column, *_ in described]
        return self._made[name]
