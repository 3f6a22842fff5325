{# The tables of the published figures. Written by `kjpoll figures --write` from seeds/analysis/figures.csv. #}
{% macro figure_tables() %}{{ return(['figure_01', 'figure_02', 'figure_03', 'figure_04', 'figure_05', 'figure_06', 'figure_07', 'figure_08', 'figure_09', 'figure_10', 'figure_11', 'figure_12', 'figure_13', 'figure_14', 'figure_15', 'figure_16']) }}{% endmacro %}
