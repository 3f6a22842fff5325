"""Weights that give the margins of a population; see kjpoll.weighting.raked_samples."""

from kjpoll.weighting import raked_weights


def model(dbt, session):
    return raked_weights(
        dbt.ref("int_margin_answer").df(),
        dbt.ref("population_margins").df(),
        dbt.ref("weight_bounds").df(),
    )
