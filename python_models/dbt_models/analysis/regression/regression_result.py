"""Every regression model with its inference, one row per part and key; see kjpoll.regression."""

from kjpoll.regression import run_stage


def model(dbt, session):
    return run_stage(
        dbt.ref("regression_models").df(),
        dbt.ref("regression_terms").df(),
        dbt.ref("regression_alternatives").df(),
        dbt.ref("regression_comparisons").df(),
        dbt.ref("regression_hypotheses").df(),
        dbt.ref("regression_decompositions").df(),
        dbt.ref("int_model_answer"),
        dbt.ref("int_answer_kind"),
        dbt.config.get("fits_dir"),
    )
