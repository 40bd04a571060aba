"""The list's door: what others may ask of it."""

from __future__ import annotations

from hashes.fingerprints import HEX_LENGTHS, Fingerprint, NewPicture
from hashes.services.bulk import count_listed, export_rows, import_rows
from hashes.services.describing import EntryFacts, PictureFacts, all_numbered, describe_pictures, said_after
from hashes.services.exchanging import (
    Page,
    Row,
    choose_variants,
    ensure_canaries,
    entries_by_time,
    entries_with_value,
    is_canary,
    values_by_time,
)
from hashes.services.facts import PlatformFacts, platform_facts
from hashes.services.identifying import exact_digests
from hashes.services.likeness import Alike, find_alike
from hashes.services.listing import any_listed, list_pictures, release_pictures, withdraw_pictures
from hashes.services.matching import MATCH_BATCH, MatchResult, Query, match
from hashes.services.matching_media import PictureResult, match_media
from hashes.services.publishing import oldest_waiting, publish
from hashes.services.quarantine import (
    quarantine_pictures,
    relist_pictures,
    restore_pictures,
    take_off_pictures,
)
from hashes.services.reading import FeedPage, read_feed
from hashes.services.saying import GivenFeedback, give_feedback
from hashes.services.submitting import give_feedback_if_it_fits, row_of
from hashes.services.tracing import Traced, trace
from hashes.variants import names as variant_names

__all__ = [
    "HEX_LENGTHS",
    "MATCH_BATCH",
    "Alike",
    "EntryFacts",
    "FeedPage",
    "Fingerprint",
    "GivenFeedback",
    "MatchResult",
    "NewPicture",
    "Page",
    "PictureFacts",
    "PictureResult",
    "PlatformFacts",
    "Query",
    "Row",
    "Traced",
    "all_numbered",
    "any_listed",
    "choose_variants",
    "count_listed",
    "describe_pictures",
    "ensure_canaries",
    "entries_by_time",
    "entries_with_value",
    "exact_digests",
    "export_rows",
    "find_alike",
    "give_feedback",
    "give_feedback_if_it_fits",
    "import_rows",
    "is_canary",
    "list_pictures",
    "match",
    "match_media",
    "oldest_waiting",
    "platform_facts",
    "publish",
    "quarantine_pictures",
    "read_feed",
    "release_pictures",
    "relist_pictures",
    "restore_pictures",
    "row_of",
    "said_after",
    "take_off_pictures",
    "trace",
    "values_by_time",
    "variant_names",
    "withdraw_pictures",
]
