"""What Python has on Unix alone. Imported from here, so that a system without it gets one sentence."""

try:
    import fcntl
    import resource
except ModuleNotFoundError as error:
    # A RuntimeError, since dbt tells those by their message, and an ImportError by its traceback.
    raise RuntimeError(
        "kjpoll needs Linux or macOS. On Windows, run it in WSL or in the project's devcontainer: "
        'see "Windows" in README.md'
    ) from error

__all__ = ["fcntl", "resource"]
