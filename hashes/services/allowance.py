"""How many new fingerprints one platform may bring in an hour, so that one that was taken over can't fill the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import cache

from hashes.errors import TooMuchAdded

_HOUR = 3_600


@dataclass(frozen=True)
class Allowance:
    """Of a platform, for the hour of the clock. Asked while the platform's lock is held, so that two don't share a rest."""

    platform_id: int
    now: datetime

    def take(self, count: int) -> None:
        """Raises TooMuchAdded, and takes nothing, if the hour doesn't hold so many more."""
        limit = settings.SUBMIT_HASHES_PER_HOUR
        taken = int(cache.get(self._key, 0))
        if taken + count > limit:
            raise TooMuchAdded(count=taken + count, limit=limit, left=limit - taken, seconds=self._rest)
        cache.add(self._key, 0, _HOUR)
        cache.incr(self._key, count)

    @property
    def _key(self) -> str:
        return f"hashes:added:{self.platform_id}:{int(self.now.timestamp()) // _HOUR}"

    @property
    def _rest(self) -> int:
        """Seconds until the next hour begins."""
        return _HOUR - int(self.now.timestamp()) % _HOUR
