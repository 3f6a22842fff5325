"""The Python stages of the warehouse; `kjpoll` on the command line. docs/architecture.md says what each package holds."""

__version__ = "0.3.0"
