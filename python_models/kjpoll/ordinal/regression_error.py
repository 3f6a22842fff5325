"""The error of a model that cannot be specified or fitted, and how its message is put together."""

from __future__ import annotations


class RegressionError(ValueError):
    """A model cannot be specified or fitted. Names the model, and the term and level at fault."""

    def __init__(
        self, problem: str, *, model: str, term: str | None = None, level: str | None = None
    ) -> None:
        self.problem, self.model, self.term, self.level = problem, model, term, level
        where = [f"model {model}"]
        if term is not None:
            where.append(f"term {term}")
        if level is not None:
            where.append(f"level {level}")
        super().__init__(f"{', '.join(where)}: {problem}")
