{#
  What decides the rows of a sample in a table that is incremental by sample_id: the compiled SQL and the contract of its
  model, these macros themselves, the version of the engine, and of everything that the model reads
    - the fingerprint of the sample, of a table that is itself incremental by sample_id;
    - the sample's rows, of any other table with a column sample_id;
    - all rows, of a table without one.
  A view of tables that are incremental by sample_id counts as its own SQL and what it reads. So nothing has to be listed
  that could be forgotten: another column of a seed that a model comes to read decides from then on.
#}
{% macro fingerprint_table() -%}
  {{ adapter.quote(target.database) }}.{{ adapter.quote('intermediate') }}.{{ adapter.quote('sample_fingerprint') }}
{%- endmacro %}

{# Before the first model, since two that are built at once cannot both make it. #}
{% macro create_fingerprint_table() %}
  create schema if not exists intermediate;
  create table if not exists {{ fingerprint_table() }} (model varchar, sample_id varchar, fingerprint varchar);
  comment on table {{ fingerprint_table() }} is
    'One row per table that is incremental by sample_id, and sample in it: what decided its rows when they were built.'
{% endmacro %}

{# A model's own materialization, or a view of such tables. #}
{% macro is_sample_wise(node) -%}
  {%- if node.resource_type != 'model' -%}{{ return(false) }}{%- endif -%}
  {%- if node.config.materialized == 'per_sample' -%}{{ return(true) }}{%- endif -%}
  {%- if node.config.materialized == 'view' -%}
    {%- for parent in node.depends_on.nodes if is_sample_wise(graph.nodes[parent]) -%}{{ return(true) }}{%- endfor -%}
  {%- endif -%}
  {{ return(false) }}
{%- endmacro %}

{#
  What a model reads: sample_wise (relations that it names, as in its SQL), tables (names of models with fingerprints),
  views (nodes) and plain (nodes). A parent that only a comment names, to come first, is not read.
#}
{% macro sample_inputs(node) -%}
  {%- set inputs = {'sample_wise': [], 'tables': [], 'views': [], 'plain': []} -%}
  {%- for id in node.depends_on.nodes | sort -%}
    {%- set parent = graph.nodes[id] -%}
    {%- if parent.relation_name in without_dependencies(compiled_code) -%}
      {%- do add_input(inputs, parent) -%}
      {%- if is_sample_wise(parent) -%}{%- do inputs.sample_wise.append(parent.relation_name) -%}{%- endif -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(inputs) }}
{%- endmacro %}

{% macro add_input(inputs, node) -%}
  {%- if node.config.materialized == 'per_sample' -%}
    {%- if node.name not in inputs.tables -%}{%- do inputs.tables.append(node.name) -%}{%- endif -%}
  {%- elif is_sample_wise(node) -%}
    {%- if node not in inputs.views -%}
      {%- do inputs.views.append(node) -%}
      {%- for id in node.depends_on.nodes | sort -%}{%- do add_input(inputs, graph.nodes[id]) -%}{%- endfor -%}
    {%- endif -%}
  {%- elif node not in inputs.plain -%}
    {%- do inputs.plain.append(node) -%}
  {%- endif -%}
{%- endmacro %}

{% macro without_dependencies(code) -%}
  {%- set lines = [] -%}
  {%- for line in code.split('\n') if not line.strip().startswith('-- depends_on:') -%}{%- do lines.append(line) -%}{%- endfor -%}
  {{ return(lines | join('\n')) }}
{%- endmacro %}

{# The model's SQL, whatever folder the project is in: which of the landed files a sample has is among its rows. #}
{% macro decisive_code() -%}
  {%- set code = without_dependencies(compiled_code) -%}
  {{ return(code.replace(config.get('landing_dir'), '') if config.get('landing_dir') else code) }}
{%- endmacro %}

{# sample_id, n_rows (its records), wanted, built: the fingerprints of each sample as it is now and as it was built, null where there is none. #}
{% macro compared_fingerprints(inputs) -%}
  {%- set landed = graph.nodes.values() | selectattr('name', 'equalto', 'wave_file') | first -%}
  {%- set contract = [] -%}
  {%- if config.get('contract').enforced -%}
    {%- for column in model.columns.values() -%}{%- do contract.append([column.name, column.data_type, column.constraints | string]) -%}{%- endfor -%}
  {%- endif -%}
  {%- set parts = [] -%}
  with
  {%- for name in inputs.tables -%}
    {%- do parts.append('part_' ~ parts | length) %}
  {{ parts[-1] }} as (select sample_id, fingerprint as digest from {{ fingerprint_table() }} where model = '{{ name }}'),
  {%- endfor -%}
  {%- for node in inputs.plain -%}
    {%- do parts.append('part_' ~ parts | length) -%}
    {%- set columns = adapter.get_columns_in_relation(api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias)) | map(attribute='name') | list -%}
    {%- set digest = "count(*) || '/' || " ~ content_digest('content') ~ " as digest" %}
  {{ parts[-1] }} as (
    {%- if 'sample_id' in columns %}select sample_id, {{ digest }} from {{ node.relation_name }} as content group by sample_id
    {%- else %}select landed.sample_id, whole.digest from {{ landed.relation_name }} as landed
      cross join (select {{ digest }} from {{ node.relation_name }} as content) as whole
    {%- endif -%}
  ),
  {%- endfor %}
  views as (
    select coalesce(string_agg(sql, ';' order by schema_name, view_name), '') as sql
    from duckdb_views()
    where database_name = '{{ this.database }}' and (schema_name, view_name) in (
      {%- for node in inputs.views %}('{{ node.schema }}', '{{ node.alias }}'), {% endfor %}('', ''))
  ),
  wanted as (
    select landed.sample_id, landed.n_rows, md5(
      version() || coalesce(getvariable('per_sample_macros'), '') || '{{ escape_single_quotes(decisive_code() ~ contract) }}' || views.sql
      {%- for part in parts %} || '|' || coalesce({{ part }}.digest, ''){% endfor %}
    ) as fingerprint
    from {{ landed.relation_name }} as landed
    cross join views
    {%- for part in parts %}
    left join {{ part }} on landed.sample_id = {{ part }}.sample_id
    {%- endfor %}
  ),
  built as (select sample_id, fingerprint from {{ fingerprint_table() }} where model = '{{ model.name }}')
  select
    coalesce(wanted.sample_id, built.sample_id) as sample_id,
    wanted.n_rows,
    wanted.fingerprint as wanted,
    built.fingerprint as built
  from wanted
  full join built on wanted.sample_id = built.sample_id
  order by 1
{%- endmacro %}
