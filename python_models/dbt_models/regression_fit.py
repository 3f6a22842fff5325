"""One row per published model x parameter; see python_models.regression."""

from python_models.regression import fit_models


def model(dbt, session):
    dbt.config(materialized="table", schema="intermediate")
    specifications = dbt.ref("regression_models")
    wanted = specifications.project(
        "sample_id, unnest([outcome, term]) as question_id").distinct()
    # Only the answers that a model asks for leave the database.
    answers = dbt.ref("fct_response").join(wanted, "sample_id, question_id", how="semi").project(
        "sample_id, respondent_id, question_id, category_id, position, answer_status")
    return fit_models(specifications.df(), answers.df())
