"""Shares that published sums fix; see kjpoll.checks.published_sums."""

from kjpoll.checks.published_sums import constrained_shares


def model(dbt, session):
    return constrained_shares(dbt.ref("int_known_share").df(), dbt.ref("int_share_option").df())
