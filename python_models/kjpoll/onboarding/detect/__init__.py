"""What a wave file is: its format, encoding, delimiter, sheets, header row, identifier and weight.

`detect` looks at the content, never at the name, and says how sure it is of each. Where two
values fit equally well, it chooses none: the finding is a tie until a person answers it.
"""

from kjpoll.onboarding.detect.detection import Detection, detect
from kjpoll.onboarding.detect.finding import NAMES, DetectionError, Finding

__all__ = ["NAMES", "Detection", "DetectionError", "Finding", "detect"]
