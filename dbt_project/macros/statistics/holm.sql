{#
  Holm's adjusted p values (1979, Scand. J. Stat. 6): the smallest p times the number of tests, the next times one fewer,
  never falling and 1 at most. In two steps, since they are two windows: holm_rank gives n_tests and p_rank, holm_adjusted
  the adjusted value of rows that have them. A row without a p value is no test. among: the columns that mark tests of one
  family, none for all rows; in_order: the most significant first, ties broken.
#}
{% macro holm_rank(p_value, in_order, among='') -%}
count({{ p_value }}) over ({{ 'partition by ' ~ among if among }}) as n_tests,
        row_number() over ({{ 'partition by ' ~ among ~ ' ' if among }}order by {{ in_order }}) as p_rank
{%- endmacro %}

{% macro holm_adjusted(p_value, among='') -%}
case
            when {{ p_value }} is not null
                then least(1, max({{ p_value }} * (n_tests - p_rank + 1)) over (
                        {{ 'partition by ' ~ among ~ ' ' if among }}order by p_rank rows between unbounded preceding and current row
                    ))
        end
{%- endmacro %}
