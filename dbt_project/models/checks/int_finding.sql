-- What any rule found, with what seeds.rules says of the rule.
{% set models = [
    'int_rule_file',
    'int_rule_seed',
    'int_rule_crosswalk',
    'int_rule_category',
    'int_rule_code_order',
    'int_rule_universe',
    'int_rule_availability',
    'int_rule_missing_band',
    'int_rule_unused',
    'int_rule_waiver',
    'int_rule_variable',
    'int_rule_variable_label',
    'int_rule_code',
    'int_rule_unclean_code',
    'int_rule_unused_code',
    'int_rule_label',
    'int_rule_weight',
    'int_rule_design',
    'int_rule_margin',
    'int_rule_respondent',
    'int_rule_twin',
    'int_rule_identifier',
    'int_rule_choice',
    'int_rule_status',
    'int_rule_share',
    'int_rule_series',
    'int_rule_choice_count',
    'int_rule_heap',
] %}
with finding as (
    {% for model in models %}
    select
        rule, file, sample_id, question_id, variable, code, raw_label, n, first_rows, finding, resolve_with, code_list, category_set
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    finding.*,
    rules.stage,
    -- A rule that the seed does not know stops the build all the same.
    coalesce(rules.severity, 'error') as severity,
    rules.waivable,
    rules.precedence,
    {{ is_waived('finding') }} as is_waived
from finding
left join {{ deduplicated('rules', ['rule']) }} as rules on finding.rule = rules.rule
