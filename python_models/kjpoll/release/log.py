"""The log of this package."""

import logging

log = logging.getLogger("kjpoll.release")
