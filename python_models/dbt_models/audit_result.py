def model(dbt, session):
    from python_models.quality import audit

    columns = dbt.ref("stg_column").df()
    judged = dbt.ref("int_judged_sample").df()["sample_id"]
    return audit(
        dbt.ref("int_code_frequency").df(), dbt.ref("variable").df(),
        columns[columns["sample_id"].isin(judged)], dbt.ref("categories").df())
