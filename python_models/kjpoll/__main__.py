"""The start of the command `kjpoll`, also as `python -m kjpoll`."""

import sys


def main() -> None:
    """Run the command; on a system without the modules of Unix, say so and end."""
    try:
        import kjpoll.common.unix  # noqa: F401
    except RuntimeError as error:
        sys.exit(f"Error: {error}")
    from kjpoll.cli import main as command

    command()


if __name__ == "__main__":
    main()
