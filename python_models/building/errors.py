"""The error of this package."""


class BuildError(RuntimeError):
    """A build cannot start; nothing was changed. dbt reports a RuntimeError of a connection as its message."""
