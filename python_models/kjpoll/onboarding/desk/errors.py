"""What stops a person at the desk, in words that say what to do."""


class DeskError(Exception):
    """A new wave cannot be added, or a row cannot be accepted or corrected. Nothing was written."""
