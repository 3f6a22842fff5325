"""dbt's `adapter` for sqlfluff: the macro for DuckDB, which the other engines replace."""

from __future__ import annotations

from collections.abc import Callable

import jinja2
from jinja2.runtime import Context


@jinja2.pass_context
def dispatch(context: Context, name: str) -> Callable[..., str]:
    return context[f"default__{name}"]
