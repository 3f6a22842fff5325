"""Why what is held against the print, the provenance, and the findings of the audit changed.

Each statement adds to `because` (value_id, cause_id). A row that came or went has no column_name.
"""

RECONCILIATIONS = """
insert into because
select distinct value.value_id, line.cause_id
from value
inner join (
    select 'toplines' as seed, cause_id, changed, old_wave, new_wave, old_country, new_country, old_question_id,
        new_question_id, old_option_id, new_option_id, old_source_id, new_source_id
    from changed_toplines
    union all
    select 'demographics', cause_id, changed, old_wave, new_wave, old_country, new_country, old_question_id,
        new_question_id, old_option_id, new_option_id, old_source_id, new_source_id
    from changed_demographics
) as line
    on value.wave in (line.old_wave, line.new_wave)
    and value.country in (line.old_country, line.new_country)
    and value.question_id in (line.old_question_id, line.new_question_id)
    and value.option_id in (line.old_option_id, line.new_option_id)
    and value.source_id in (line.old_source_id, line.new_source_id)
where value.table_name = 'reconciliation_topline' and value.published_in = line.seed
    and case
        when value.column_name is null then list_contains(line.changed, 'option_id')
        when value.column_name in ('warehouse_n', 'warehouse_base_n', 'warehouse_pct') then false
        when value.column_name in ('agrees', 'difference', 'judged')
            then list_has_any(line.changed, ['pct', 'lower', 'upper', 'legibility'])
        else list_contains(line.changed, replace(value.column_name, 'published_', '')) end
union
select value.value_id, because.cause_id
from value
inner join value as share
    on share.table_name in ('topline', 'topline_net')
    and value.wave = share.wave and value.country = share.country and value.question_id = share.question_id
    and coalesce(share.column_name, 'n') in ('n', 'base_n')
    and (share.column_name = 'base_n' or value.option_id in (share.category_id, share.net) or share.category_id in (
        select coalesce(new_option.category_id, '') from option_of as new_option
        where new_option.question_id = value.question_id and new_option.option_id = value.option_id))
inner join because on share.value_id = because.value_id
where value.table_name = 'reconciliation_topline'
    and value.column_name in ('warehouse_n', 'warehouse_base_n', 'warehouse_pct', 'difference', 'agrees')
union
select value.value_id, line.cause_id
from value
inner join changed_topline_options as line
    on value.question_id in (line.old_question_id, line.new_question_id)
    and value.option_id in (line.old_option_id, line.new_option_id)
where value.table_name = 'reconciliation_topline'
    and value.column_name in ('warehouse_n', 'warehouse_base_n', 'warehouse_pct', 'difference', 'agrees')
union
select value.value_id, line.cause_id
from value
inner join changed_claims as line on value.claim_id in (line.old_claim_id, line.new_claim_id)
where value.table_name = 'reconciliation_claim' and case
    when value.column_name is null then line.in_old <> line.in_new
    when value.column_name = 'published_value' then list_contains(line.changed, 'value')
    when value.column_name in ('warehouse_value', 'difference', 'agrees')
        then list_has_any(line.changed, ['measure', 'question_id', 'option_id', 'wave', 'base_wave', 'through_wave',
            'country']) or value.column_name <> 'warehouse_value' and list_contains(line.changed, 'value')
    else list_contains(line.changed, value.column_name) end
union
select value.value_id, because.cause_id
from value
inner join claim_of as claim on value.claim_id = claim.claim_id
inner join value as share
    on share.table_name in ('topline', 'topline_net')
    and claim.country = share.country and claim.question_id = share.question_id
    and coalesce(share.column_name, 'n') in ('n', 'base_n', 'pct')
    and case
        when claim.measure = 'level' then share.wave = claim.wave
        when claim.measure in ('change', 'rank', 'reversal') then share.wave in (claim.wave, claim.base_wave)
        when claim.measure in ('rising_since', 'falling_since')
            then share.wave between claim.base_wave and claim.wave
        else share.wave <= claim.through_wave end
inner join because on share.value_id = because.value_id
where value.table_name = 'reconciliation_claim' and value.column_name in ('warehouse_value', 'difference', 'agrees')
union
select value.value_id, line.cause_id
from value
inner join changed_topline_options as line
    on value.table_name = 'reconciliation_claim' and value.question_id in (line.old_question_id, line.new_question_id)
where value.column_name in ('warehouse_value', 'difference', 'agrees')
union
select value.value_id, line.cause_id
from value
inner join changed_regression_tables as line
    on value.printed_table in (line.old_printed_table, line.new_printed_table)
    and value.model in (line.old_model, line.new_model)
    and value.term in (line.old_term, line.new_term, 'N')
    and coalesce(value.category_id, '') in (coalesce(line.old_category_id, ''), coalesce(line.new_category_id, ''))
where value.table_name = 'reconciliation_regression'
    and coalesce(value.column_name, '') not in ('warehouse_value', 'warehouse_stars')
union
select value.value_id, model_cause.cause_id
from value
inner join model_row on value.printed_table = model_row.printed_table and value.model = model_row.model
inner join model_cause on model_row.model_id = model_cause.model_id and not model_cause.of_table
where value.table_name = 'reconciliation_regression' and model_cause.aspect is null
    and value.column_name in ('warehouse_value', 'warehouse_stars', 'difference', 'agrees', 'close')
"""

# A column of a file and a code in it, and the lines that read them.
PROVENANCE = """
insert into because
select distinct value.value_id, of_sample.cause_id
from value
inner join of_sample on value.sample_id = of_sample.sample_id
where value.table_name = 'provenance' and (
    value.column_name in ('file', 'sha256', 'variable_label', 'column_position', 'raw_label')
    or (value.column_name = 'n' or value.column_name is null) and exists (
        select 1 from cell where cell.sample_id = value.sample_id and cell.variable = value.variable))
union
select value.value_id, line.cause_id
from value
inner join changed_variables as line
    on value.sample_id in (line.old_sample_id, line.new_sample_id)
    and value.variable in (line.old_variable, line.new_variable)
where value.table_name = 'provenance'
    and case
        when value.column_name is null then list_has_any(line.changed, ['role', 'code_list', 'layout', 'variable', 'delimiter'])
        when value.column_name = 'column_line' then true
        when value.column_name = 'indicator_category_id' then list_contains(line.changed, 'category_id')
        when value.column_name in ('code_line', 'category_id', 'missing_type')
            then list_has_any(line.changed, ['code_list', 'question_id', 'layout'])
        when value.column_name = 'n' then list_has_any(line.changed, ['role', 'layout', 'delimiter'])
        else list_contains(line.changed, value.column_name) end
union
select value.value_id, line.cause_id
from value
inner join use on value.sample_id = use.sample_id and value.variable = use.variable
inner join changed_code_lists as line
    on use.code_list in (line.old_code_list, line.new_code_list) and value.code in (line.old_code, line.new_code)
where value.table_name = 'provenance'
    and (value.column_name in ('code_line', 'category_id', 'missing_type', 'n') or value.column_name is null)
    and (value.column_name in ('code_line') or list_contains(line.changed, 'category_id'))
union
select value.value_id, line.cause_id
from value
inner join use on value.sample_id = use.sample_id and value.variable = use.variable
inner join set_of on use.question_id = set_of.question_id
inner join changed_categories as line
    on set_of.category_set in (line.old_category_set, line.new_category_set)
    or 'reserved' in (line.old_category_set, line.new_category_set)
where value.table_name = 'provenance' and use.layout in ('number', 'birth_year')
    and (value.column_name = 'category_id' or value.column_name is null)
    and list_has_any(line.changed, ['value_min', 'value_max'])
    or value.table_name = 'provenance' and value.column_name in ('missing_type', 'code_line')
    and value.new_category_id in (line.old_category_id, line.new_category_id)
    and (value.column_name = 'code_line' and use.layout in ('number', 'birth_year')
        or list_contains(line.changed, 'missing_type'))
"""

# What is judged of a column, a question or a whole sample inherits what changed in it.
FINDINGS = """
create or replace temp table changed_column as
select distinct cell.sample_id, cell.variable, use.question_id, of_sample.cause_id
from cell
inner join of_sample on cell.sample_id = of_sample.sample_id
left join use on cell.sample_id = use.sample_id and cell.variable = use.variable
union
select distinct coalesce(acts.sample_id, use.sample_id), coalesce(acts.variable, use.variable), use.question_id, acts.cause_id
from acts
inner join use
    on (acts.sample_id is null or acts.sample_id = use.sample_id)
    and (acts.variable is null or acts.variable = use.variable)
    and (acts.question_id is null or acts.question_id = use.question_id)
where acts.aspect in ('meaning', 'scale', 'comparability', 'about', 'weight', 'id');

insert into because
select distinct value.value_id, changed_column.cause_id
from value
inner join changed_column on value.sample_id = changed_column.sample_id
    and (value.variable is null or value.variable = changed_column.variable)
    and (value.variable is not null or value.question_id is null or value.question_id = changed_column.question_id)
where value.table_name in ('violation', 'response_code_audit') and coalesce(value.column_name, '') <> 'is_waived'
union
select value.value_id, line.cause_id
from value
inner join (
    select cause_id, old_rule, new_rule, changed, old_sample_id, new_sample_id from changed_waivers
    union all
    select cause_id, old_rule, new_rule, changed, null, null from changed_rules
) as line
    on value.rule in (line.old_rule, line.new_rule)
    and (coalesce(line.old_sample_id, line.new_sample_id) is null
        or value.sample_id in (line.old_sample_id, line.new_sample_id))
where value.table_name = 'violation'
union
select value.value_id, line.cause_id
from value
inner join changed_waivers as line on value.rule in ('expired_waiver', 'unused_row')
where value.table_name = 'violation' and value.file like '%waivers.csv'
union
select value.value_id, line.cause_id
from value
inner join changed_missing_bands as line
    on value.rule = 'missing_share' and value.question_id in (line.old_question_id, line.new_question_id)
where value.table_name = 'violation'
union
select value.value_id, line.cause_id
from value
inner join changed_missing_codes as line on value.rule = 'missing_code_in_range'
where value.table_name = 'violation'
union
select value.value_id, line.cause_id
from value
inner join changed_known_changes as line
    on value.rule = 'drift' and value.sample_id in (line.old_sample_id, line.new_sample_id)
    and value.question_id in (line.old_question_id, line.new_question_id)
where value.table_name = 'violation'
union
select value.value_id, line.cause_id
from value
inner join changed_samples as line
    on value.sample_id in (line.old_sample_id, line.new_sample_id) and line.in_old <> line.in_new
where value.table_name in ('violation', 'response_code_audit')
"""

STATEMENTS = (RECONCILIATIONS, PROVENANCE, FINDINGS)
