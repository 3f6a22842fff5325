"""Columns that fit the series better with another meaning; see kjpoll.checks.series."""

from pathlib import Path

from kjpoll.checks.series import series_findings


def model(dbt, session):
    return series_findings(
        dbt.ref("int_series_count").df(),
        dbt.ref("int_series_profile").df(),
        dbt.ref("int_design_effect").df(),
        dbt.ref("int_published_interval").df(),
        dbt.ref("variables").df(),
        dbt.ref("code_lists").df(),
        float(dbt.config.get("usual_movement")),
        Path(dbt.config.get("findings_dir")),
    )
