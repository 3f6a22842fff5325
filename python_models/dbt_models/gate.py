def model(dbt, session):
    from python_models.quality import close_gate

    return close_gate(dbt.ref("violation").df(), dbt.ref("response_code_audit").df())
