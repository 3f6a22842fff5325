{# Whether a row of the waivers seed names a finding: an empty cell stands for every question, variable, code. #}
{% macro waiver_fits(waiver, finding) -%}
{{ waiver }}.rule = {{ finding }}.rule
                and coalesce({{ waiver }}.sample_id, '') = coalesce({{ finding }}.sample_id, '')
                and coalesce({{ waiver }}.question_id, {{ finding }}.question_id, '') = coalesce({{ finding }}.question_id, '')
                and coalesce({{ waiver }}.variable, {{ finding }}.variable, '') = coalesce({{ finding }}.variable, '')
                and coalesce({{ waiver }}.code, {{ finding }}.code, '') = coalesce({{ finding }}.code, '')
{%- endmacro %}
