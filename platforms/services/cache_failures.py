"""What it looks like when the shared cache can't be asked."""

from __future__ import annotations

from redis.exceptions import RedisError

# A counter that vanishes between two steps, because somebody emptied the cache, is Django's ValueError.
CACHE_IS_DOWN = (RedisError, OSError, ValueError)
