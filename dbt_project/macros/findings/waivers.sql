{# Whether a row of the waivers seed names a finding: an empty cell stands for every variable or code. #}
{% macro waiver_fits(waiver, finding) -%}
{{ waiver }}.rule = {{ finding }}.rule
                and coalesce({{ waiver }}.sample_id, '') = coalesce({{ finding }}.sample_id, '')
                and coalesce({{ waiver }}.question_id, '') = coalesce({{ finding }}.question_id, '')
                and coalesce({{ waiver }}.variable, {{ finding }}.variable, '') = coalesce({{ finding }}.variable, '')
                and coalesce({{ waiver }}.code, {{ finding }}.code, '') = coalesce({{ finding }}.code, '')
{%- endmacro %}

{# True where a waiver in force lets a finding pass: one that its rule allows, that has not ended, and that is as large. #}
{% macro is_waived(finding) -%}
exists (
            select 1
            from {{ ref('waivers') }} as waivers
            inner join {{ ref('rules') }} as waivable_rules on waivers.rule = waivable_rules.rule
            where
                {{ waiver_fits('waivers', finding) }}
                and waivable_rules.waivable
                and waivers.expires >= current_date
                and coalesce({{ finding }}.n <= waivers.n_max, true)
        )
{%- endmacro %}
