"""Changes are signed: the values of what was released are in git, and a build that would change one of them is released
when a person has accepted the change."""

from .accepting import Acceptance, accept, sign_new_values
from .changed_values import CAUSES, ChangedValue, unsigned_changes
from .listing import UNSIGNED, listing, refuse_unsigned_changes
from .signed_files import last_accepted
from .unsigned_inputs import unsigned_inputs

__all__ = [
    "CAUSES",
    "UNSIGNED",
    "Acceptance",
    "ChangedValue",
    "accept",
    "last_accepted",
    "listing",
    "refuse_unsigned_changes",
    "sign_new_values",
    "unsigned_changes",
    "unsigned_inputs",
]
