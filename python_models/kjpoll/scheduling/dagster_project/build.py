"""The dbt models as two assets of many tables: up to the audit, and from the gate to the release.

Between them Dagster runs the checks of the audit, so that it shows which rule stopped a build. The gate asks
the same once more. Only a whole build releases, so the second asset is one: it builds what was audited again.
"""

# Dagster looks at the annotations, which therefore have to be types and no text.
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

AUDITED = "+violation +response_code_audit"


class Translator(DagsterDbtTranslator):
    """As dagster-dbt names the assets; the model that lands the files depends on the files."""

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        if manifest["nodes"][unique_id]["name"] == "wave_file":
            return spec.merge_attributes(deps=["wave_files"])
        return spec


def build_assets(project: DbtProject) -> list[dg.AssetsDefinition]:
    """The two assets; together they are every model and seed of the project."""
    settings: dict[str, Any] = {
        "manifest": project.manifest_path,
        "project": project,
        "dagster_dbt_translator": Translator(),
    }

    @dbt_assets(name="audited", select=AUDITED, **settings)
    def audited(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
        yield from dbt.cli(["build"], context=context).stream()

    @dbt_assets(name="released", exclude=AUDITED, **settings)
    def released(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
        if context.is_subset:
            yield from dbt.cli(["build"], context=context).stream()
            return
        for message in dbt.cli(["build"], manifest=project.manifest_path).stream_raw_events():
            for event in message.to_default_asset_events(
                project.manifest_path, Translator(), context, project=project
            ):
                if _is_of(context, event):
                    yield event

    return [audited, released]


def _is_of(context: dg.AssetExecutionContext, event: Any) -> bool:
    """False for a table or a check of another asset."""
    if isinstance(event, dg.Output):
        return event.output_name in context.op_execution_context.selected_output_names
    if isinstance(event, dg.AssetCheckResult):
        return event.asset_key in context.selected_asset_keys
    return True
