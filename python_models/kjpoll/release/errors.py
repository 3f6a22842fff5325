"""The error of this package."""


class ReleaseError(Exception):
    """A build cannot be released; the present release stays as it is."""
