from pathlib import Path


def model(dbt, session):
    from kjpoll.checks import AuditTables, audit, write_data_docs

    outcome = audit(
        AuditTables(
            # Two rows of a sample are a violation; the audit need not know which is right.
            samples=dbt.ref("samples").df().drop_duplicates("sample_id"),
            stg_column=dbt.ref("stg_column").df(),
            code_lists=dbt.ref("code_lists").df(),
            categories=dbt.ref("categories").df(),
            missing_bands=dbt.ref("missing_bands").df(),
            variable=dbt.ref("variable").df(),
            value_label=dbt.ref("value_label").df(),
            wave_file=dbt.ref("wave_file").df(),
            file_problem=dbt.ref("file_problem").df(),
            int_eligible_sample=dbt.ref("int_eligible_sample").df(),
            int_identifier_count=dbt.ref("int_identifier_count").df(),
            int_code_frequency=dbt.ref("int_code_frequency").df(),
            int_missing_share=dbt.ref("int_missing_share").df(),
        ),
        Path(dbt.config.get("cache_dir")),
    )
    write_data_docs(outcome.samples, Path(dbt.config.get("data_docs_dir")))
    return outcome.rows
