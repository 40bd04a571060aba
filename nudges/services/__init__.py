"""What can be done with nudges. The verbs:"""

from __future__ import annotations

from nudges.catalogue import Text, banner
from nudges.services.asking import nudge, nudge_many

__all__ = ["Text", "banner", "nudge", "nudge_many"]
