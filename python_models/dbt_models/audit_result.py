def model(dbt, session):
    from python_models.quality import audit

    return audit(
        dbt.ref("int_code_frequency").df(), dbt.ref("variable").df(), dbt.ref("stg_column").df(),
        dbt.ref("categories").df())
