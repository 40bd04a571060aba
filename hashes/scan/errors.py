from __future__ import annotations


class ScanStopped(Exception):
    """The scan can't go on; its message says why."""


class UrlNotUsable(ScanStopped):
    """The portal's address is none, or would send the key in the clear."""


class KeyRefused(ScanStopped):
    """The portal does not know this key, or no longer."""


class ScopeMissing(ScanStopped):
    """The key may not do this; the message names the scope."""


class PortalNotReached(ScanStopped):
    """Nobody answered, or only that it is busy, as often as was tried."""


class PortalRefused(ScanStopped):
    """The portal found something wrong with what it was asked."""


class NoPortal(ScanStopped):
    """Another server answers at this address."""


class MemoryNotUsable(ScanStopped):
    """What the scan remembers can't be read or written."""


class ListReplaced(ScanStopped):
    """The portal's list ends before what was read of it: a backup was restored, or it is another one."""
