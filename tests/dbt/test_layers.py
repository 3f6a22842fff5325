"""The folders of the dbt project run one way: no model refers to one of a later folder."""

from pathlib import PurePosixPath

# In the order in which they are built. A folder stands after those inside it.
LAYERS = (
    "raw",
    "staging",
    "intermediate/questions",
    "intermediate/values",
    "intermediate/answers",
    "intermediate/design",
    "checks/files",
    "checks/seeds",
    "checks/columns",
    "checks/respondents",
    "checks/questions",
    "checks/series",
    "checks",
    "marts",
    "analysis/toplines",
    "analysis/cohorts",
    "analysis/figures",
    "analysis/regression",
    "reconciliation",
    "release",
)


def layer(node) -> str:
    """The folder of a model below models/ or dbt_models/: 'checks/files'."""
    return str(PurePosixPath(node["path"]).parent)


def forward_references(nodes, parents) -> list[str]:
    """'model (folder) -> model (folder)' for each model that refers to one of a later folder."""
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    return [
        f"{node['name']} ({layer(node)}) -> {models[parent]['name']} ({layer(models[parent])})"
        for key, node in models.items()
        for parent in parents[key]
        if parent in models and LAYERS.index(layer(models[parent])) > LAYERS.index(layer(node))
    ]


def test_no_model_refers_to_one_of_a_later_folder(rehearsal):
    assert forward_references(rehearsal.nodes, rehearsal.parents) == []


def test_a_planted_reference_is_found(rehearsal):
    key, later = "model.kjpoll.stg_code", "model.kjpoll.int_asked"
    planted = {**rehearsal.parents, key: [*rehearsal.parents[key], later]}
    assert forward_references(rehearsal.nodes, planted) == [
        "stg_code (staging) -> int_asked (intermediate/questions)"
    ]


def test_every_folder_is_a_layer_and_holds_some_twenty_files_at_most(rehearsal):
    folders = [layer(node) for node in rehearsal.nodes.values() if node["resource_type"] == "model"]
    assert set(folders) == set(LAYERS)
    assert max(folders.count(folder) for folder in set(folders)) <= 20
