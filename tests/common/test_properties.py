"""What is said of a seed or a public table stands in its properties, and nowhere else."""

import ast

import pytest
from kjpoll.common.languages import label_columns
from kjpoll.common.properties import Properties, seed_properties, table_properties
from kjpoll.common.seed_file import SeedFile

from tests.support.project import CHECKOUT


@pytest.mark.parametrize("name", seed_properties())
def test_the_properties_of_a_seed_name_the_columns_of_its_file(name):
    seed = seed_properties()[name]
    header = SeedFile(CHECKOUT / "dbt_project/seeds" / seed.folder / f"{name}.csv").header
    labels = label_columns(name for name in header if name not in seed.columns)
    assert [*seed.columns, *labels] == header and {*seed.key, *seed.allowed} <= set(header)
    assert labels in ([], ["label_en", "label_ko", "label_ja"])


def test_a_new_seed_and_a_new_public_table_need_their_properties_alone(tmp_path):
    columns = "columns: [{name: party}, {name: leaning}]"
    for path, text in {
        "dbt_project.yml": "seeds: {kjpoll: {+schema: seeds}}\n"
        "models: {kjpoll: {+schema: intermediate, marts: {+schema: marts}}}",
        "seeds/survey/survey.yml": "seeds: [{name: parties, config: {meta: {keys: [[party]], "
        f"allowed: {{leaning: [left, right]}}}}}}, {columns}}}]",
        "models/marts/models.yml": "models: [{name: dim_party, config: {meta: {keys: [[party], [leaning]]}}, "
        f"{columns}}}, {{name: int_party, {columns}}}]",
    }.items():
        file = tmp_path / "dbt_project" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    listed = ("party", "leaning")
    assert seed_properties(tmp_path) == {
        "parties": Properties(
            "seeds", "survey", "parties", listed, ("party",), {"leaning": ("left", "right")}
        )
    }
    assert table_properties(tmp_path) == {
        "dim_party": Properties("marts", "marts", "dim_party", listed, ("party",), {})
    }


def repeated(code: str) -> list[int]:
    """The lines on which code lists the columns, the key or the allowed values of a seed: three texts or more."""
    said = {
        frozenset(values)
        for seed in seed_properties().values()
        for values in (seed.columns, seed.key, *seed.allowed.values())
        if len(values) > 2
    }
    return [
        node.lineno
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Tuple | ast.List | ast.Set)
        and frozenset(getattr(element, "value", None) for element in node.elts) in said
    ]


def test_no_module_lists_what_the_properties_say():
    modules = {path: path.read_text(encoding="utf-8") for path in (CHECKOUT / "python_models").rglob("*.py")}
    assert {path: lines for path, code in modules.items() if (lines := repeated(code))} == {}
    assert repeated('A = 1\nKINDS = ("skipped", "no_answer", "dont_know")\n') == [2]
