def model(dbt, session):
    from kjpoll.checks import close_gate

    return close_gate(dbt.ref("violation").df(), dbt.ref("response_code_audit").df())
