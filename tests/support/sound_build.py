"""What a release is checked by, for a small build that has nothing to check: views, which a release leaves behind."""

NOTHING_TO_CHECK = """
create schema if not exists quality;
create schema if not exists intermediate;
create view quality.violation as select 'error' as severity, false as is_waived where false;
create view intermediate.gate as select 0 as n_waived, 0 as n_warnings;
create view quality.reconciliation_topline as select true as eligible, true as agrees where false;
create view quality.reconciliation_claim as from quality.reconciliation_topline;
create view quality.reconciliation_regression as select true as eligible, true as close where false;
"""
