"""The list's door: what others may ask of it."""

from __future__ import annotations

from hashes.fingerprints import HEX_LENGTHS, Fingerprint, NewPicture
from hashes.services.benign import forget_benign, know_benign
from hashes.services.building import build_index
from hashes.services.bulk import count_listed, export_rows, import_rows
from hashes.services.bulk_rows import tell_the_planner
from hashes.services.concerns import (
    end_concerns,
    held_back,
    raise_concern,
)
from hashes.services.counting import forget_counts, note_found
from hashes.services.deciding import (
    Owner,
    ask_to_put_back,
    leave_concern,
    leave_picture,
    put_back,
    register_held_actions,
    register_owner,
    take_off_for_good,
)
from hashes.services.describing import EntryFacts, PictureFacts, all_numbered, describe_pictures, said_after
from hashes.services.disputes import relist_pictures
from hashes.services.exchanging import (
    Page,
    Row,
    choose_variants,
    entries_by_time,
    entries_with_value,
    values_by_time,
)
from hashes.services.facts import PlatformFacts, platform_facts
from hashes.services.feed_lines import which_list
from hashes.services.flooding import look_for_floods, trust_again
from hashes.services.following import keep_index
from hashes.services.identifying import exact_digests
from hashes.services.keeping import folder as index_folder
from hashes.services.likeness import Alike, find_alike
from hashes.services.listing import any_listed, list_pictures, release_pictures, withdraw_pictures
from hashes.services.matching import MATCH_BATCH, MatchResult, Query, match
from hashes.services.matching_media import PictureResult, match_media
from hashes.services.picture_page import asked_about
from hashes.services.planting import ensure_canaries, is_canary_value, take_feedback
from hashes.services.publishing import oldest_waiting, publish
from hashes.services.quarantine import (
    quarantine_pictures,
    restore_pictures,
    take_off_pictures,
)
from hashes.services.reading import FeedPage, read_feed
from hashes.services.saying import GivenFeedback, give_feedback
from hashes.services.submitting import give_feedback_if_it_fits, row_of, submit_rows
from hashes.services.telling import tell_staff, waiting_count
from hashes.services.tracing import Traced, trace
from hashes.variants import accepted as variant_names

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
    "Owner",
    "Page",
    "PictureFacts",
    "PictureResult",
    "PlatformFacts",
    "Query",
    "Row",
    "Traced",
    "all_numbered",
    "any_listed",
    "ask_to_put_back",
    "asked_about",
    "build_index",
    "choose_variants",
    "count_listed",
    "describe_pictures",
    "end_concerns",
    "ensure_canaries",
    "entries_by_time",
    "entries_with_value",
    "exact_digests",
    "export_rows",
    "find_alike",
    "forget_benign",
    "forget_counts",
    "give_feedback",
    "give_feedback_if_it_fits",
    "held_back",
    "import_rows",
    "index_folder",
    "is_canary_value",
    "keep_index",
    "know_benign",
    "leave_concern",
    "leave_picture",
    "list_pictures",
    "look_for_floods",
    "match",
    "match_media",
    "note_found",
    "oldest_waiting",
    "platform_facts",
    "publish",
    "put_back",
    "quarantine_pictures",
    "raise_concern",
    "read_feed",
    "register_held_actions",
    "register_owner",
    "release_pictures",
    "relist_pictures",
    "restore_pictures",
    "row_of",
    "said_after",
    "submit_rows",
    "take_feedback",
    "take_off_for_good",
    "take_off_pictures",
    "tell_staff",
    "tell_the_planner",
    "trace",
    "trust_again",
    "values_by_time",
    "variant_names",
    "waiting_count",
    "which_list",
    "withdraw_pictures",
]
