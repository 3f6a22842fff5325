{#
  What decides the rows of a sample in a table that is incremental by sample_id: the compiled SQL and the contract of its
  model, the macros of this folder, the version of the engine, and of everything that the model reads
    - the fingerprint of the sample, of a table that is itself incremental by sample_id;
    - the sample's rows, of any other table with a column sample_id;
    - all rows, of a table without one.
  A view of tables that are incremental by sample_id counts as its own SQL and what it reads. So nothing has to be listed
  that could be forgotten: another column of a seed that a model comes to read decides from then on.
#}
{% macro fingerprint_table(database) -%}
  {{ adapter.quote(database) }}.{{ adapter.quote('intermediate') }}.{{ adapter.quote('sample_fingerprint') }}
{%- endmacro %}

{# Before the first model, since two that are built at once cannot both make it. #}
{% macro create_fingerprint_table() %}
  create schema if not exists intermediate;
  create table if not exists {{ fingerprint_table(target.database) }} (model varchar, sample_id varchar, fingerprint varchar);
  comment on table {{ fingerprint_table(target.database) }} is
    'One row per table that is incremental by sample_id, and sample in it: what decided its rows when they were built.'
{% endmacro %}

{# An incremental model, or a view of such tables. #}
{% macro is_by_sample(node) -%}
  {%- if node.resource_type != 'model' -%}{{ return(false) }}{%- endif -%}
  {%- if node.config.materialized == 'incremental' -%}{{ return(true) }}{%- endif -%}
  {%- if node.config.materialized == 'view' -%}
    {%- for parent in node.depends_on.nodes if is_by_sample(graph.nodes[parent]) -%}{{ return(true) }}{%- endfor -%}
  {%- endif -%}
  {{ return(false) }}
{%- endmacro %}

{#
  What the model reads: tables with fingerprints, views and plain tables, each as a node with the relation that stands for it.
  A parent that only a comment names, to come first, is not read.
#}
{% macro read_by_model() -%}
  {%- set inputs = {'tables': [], 'views': [], 'plain': []} -%}
  {%- set read = [] -%}
  {%- for line in compiled_code.split('\n') if not line.strip().startswith('-- depends_on:') -%}{%- do read.append(line) -%}{%- endfor -%}
  {%- for id in model.depends_on.nodes | sort -%}
    {%- if relation_of(graph.nodes[id]) | string in read | join('\n') -%}{%- do add_input(inputs, graph.nodes[id]) -%}{%- endif -%}
  {%- endfor -%}
  {{ return(inputs) }}
{%- endmacro %}

{% macro add_input(inputs, node) -%}
  {%- set kind = 'tables' if node.config.materialized == 'incremental' else 'views' if is_by_sample(node) else 'plain' -%}
  {%- set input = {'node': node, 'relation': relation_of(node)} -%}
  {%- if input not in inputs[kind] -%}
    {%- do inputs[kind].append(input) -%}
    {%- if kind == 'views' -%}
      {%- for id in node.depends_on.nodes | sort -%}{%- do add_input(inputs, graph.nodes[id]) -%}{%- endfor -%}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}

{# What ref() gives for a node, which with --defer is in another build where this one has none: of a parent by ref() itself. Of what
   only a parent reads dbt does not say it, and it is looked for where the parents are. #}
{% macro relation_of(node) -%}
  {%- if node.unique_id in model.depends_on.nodes -%}{{ return(ref(node.name)) }}{%- endif -%}
  {%- set built = api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias) -%}
  {%- if invocation_args_dict.defer and load_cached_relation(built) is none -%}
    {%- for parent in model.depends_on.nodes if ref(graph.nodes[parent].name).database != node.database -%}
      {{ return(built.incorporate(path={'database': ref(graph.nodes[parent].name).database})) }}
    {%- endfor -%}
  {%- endif -%}
  {{ return(built) }}
{%- endmacro %}

{# The tables and views with a column sample_id, as a relation names them but for its quotes. Asked for once: dbt takes
   milliseconds for the columns of each. #}
{% macro tables_by_sample() %}{{ return(adapter.dispatch('tables_by_sample')()) }}{% endmacro %}
{% macro duckdb__tables_by_sample() %}
  {%- set query -%}
    select database_name || '.' || schema_name || '.' || table_name from duckdb_columns() where column_name = 'sample_id'
  {%- endset -%}
  {{ return(run_query(query).columns[0].values() | list) }}
{% endmacro %}

{# sample_id, n_rows (its records), wanted, built: the fingerprints of each sample as it is now and as it was built, null where there is none. #}
{% macro compared_fingerprints() -%}
  {%- set inputs = read_by_model() -%}
  {%- set landed = relation_of(graph.nodes.values() | selectattr('name', 'equalto', 'wave_file') | first) -%}
  {%- set contract = [] -%}
  {%- if config.get('contract').enforced -%}
    {%- for column in model.columns.values() -%}{%- do contract.append([column.name, column.data_type, column.constraints | string]) -%}{%- endfor -%}
  {%- endif -%}
  {%- set parts = [] -%}
  with
  {%- for input in inputs.tables -%}
    {%- do parts.append('part_' ~ parts | length) %}
  {{ parts[-1] }} as (
    select sample_id, fingerprint as digest from {{ fingerprint_table(input.relation.database) }} where model = '{{ input.node.name }}'
  ),
  {%- endfor -%}
  {%- set by_sample = tables_by_sample() if inputs.plain else [] -%}
  {%- for input in inputs.plain -%}
    {%- do parts.append('part_' ~ parts | length) -%}
    {%- set digest = "count(*) || '/' || " ~ content_digest('content') ~ " as digest" %}
  {{ parts[-1] }} as (
    {%- if input.relation | replace('"', '') in by_sample %}select sample_id, {{ digest }} from {{ input.relation }} as content group by sample_id
    {%- else %}select landed.sample_id, whole.digest from {{ landed }} as landed
      cross join (select {{ digest }} from {{ input.relation }} as content) as whole
    {%- endif -%}
  ),
  {%- endfor %}
  views as (
    select coalesce(string_agg(sql, ';' order by schema_name, view_name), '') as sql
    from duckdb_views()
    where (database_name, schema_name, view_name) in (
      {%- for input in inputs.views %}('{{ input.relation.database }}', '{{ input.relation.schema }}', '{{ input.relation.identifier }}'), {% endfor %}('', '', ''))
  ),
  wanted as (
    select landed.sample_id, landed.n_rows, md5(
      version() || coalesce(getvariable('incremental_macros'), '') || '{{ escape_single_quotes(compiled_code ~ contract) }}' || views.sql
      {%- for part in parts %} || '|' || coalesce({{ part }}.digest, ''){% endfor %}
    ) as fingerprint
    from {{ landed }} as landed
    cross join views
    {%- for part in parts %}
    left join {{ part }} on landed.sample_id = {{ part }}.sample_id
    {%- endfor %}
  ),
  built as (select sample_id, fingerprint from {{ fingerprint_table(this.database) }} where model = '{{ model.name }}')
  select coalesce(wanted.sample_id, built.sample_id) as sample_id, wanted.n_rows, wanted.fingerprint as wanted, built.fingerprint as built
  from wanted
  full join built on wanted.sample_id = built.sample_id
  order by 1
{%- endmacro %}
