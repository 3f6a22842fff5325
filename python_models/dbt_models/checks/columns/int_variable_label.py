from kjpoll.checks.variable_labels import contradicting_labels


def model(dbt, session):
    labels = dbt.ref("variable").select("sample_id, variable, label").filter("label is not null").df()
    columns = (
        dbt.ref("stg_column").select("sample_id, variable, role, question_id, indicator_category_id").df()
    )
    return contradicting_labels(
        labels.merge(columns, on=["sample_id", "variable"]),
        dbt.ref("questions").df(),
        dbt.ref("categories").df(),
    )
