"""The error of this package."""


class BuildError(RuntimeError):
    """A build cannot start; nothing was changed. A RuntimeError, since dbt tells those by their message."""
