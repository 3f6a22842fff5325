"""The project as Dagster sees it; needs the extra `dagster` (pip install kjpoll[dagster]).

`definitions.defs` is what Dagster loads; `project_definitions` makes it for a project in any folder.
"""
