"""A scan's report, for a program and for a person."""

from __future__ import annotations

import json

from rich.console import Console
from rich.table import Table

from hashes.scan.scanning import Report
from hashes.scan.walking import id_of

_REASONS = {
    "not_a_picture": "no picture, whatever its name says",
    "damaged": "cut off or damaged",
    "too_many_pixels": "would unpack to too many pixels",
    "too_large_to_open": "too large to open",
    "too_many_bytes": "larger than --most-megabytes",
    "unreadable": "can't be read",
    "unreadable_folder": "folder can't be read",
    "linked_folder": "link to a folder, not followed",
    "broken_link": "link to nothing",
    "looped_link": "link that leads in a loop",
    "not_a_file": "neither file nor folder",
}


def json_of(report: Report, *, paths: bool) -> str:
    files = [
        {"file": _shown(name, paths=paths), "verdict": one.verdict, "review": one.review}
        for name, one in report.verdicts.items()
    ]
    skipped = [{"file": _shown(one.name, paths=paths), "reason": one.reason} for one in report.skipped]
    document = {
        "scanned": len(files),
        "asked": report.asked,
        "matched": report.count("match"),
        "review": report.count("review"),
        "skipped": skipped,
        "files": files,
        "feedback": report.feedback,
        "notes": report.notes,
    }
    return json.dumps(document, indent=1)


def table_of(report: Report, *, paths: bool) -> str:
    table = Table("file", "what", "review", title=_sum_of(report), title_justify="left")
    for name, one in report.verdicts.items():
        if one.verdict != "none":
            table.add_row(_harmless(_shown(name, paths=paths)), one.verdict, one.review or "")
    for skipped in report.skipped:
        table.add_row(
            _harmless(_shown(skipped.name, paths=paths)), f"skipped: {_REASONS[skipped.reason]}", ""
        )
    console = Console(width=110, no_color=True, markup=False, emoji=False)
    with console.capture() as captured:
        console.print(table)
        for note in report.notes:
            # A line for whoever looks for words in it.
            console.print(note, soft_wrap=True)
    return captured.get()


def _sum_of(report: Report) -> str:
    return (
        f"{len(report.verdicts)} files scanned, {report.asked} asked about, {report.count('match')} matched, "
        f"{report.count('review')} to review, {len(report.skipped)} skipped; "
        f"feedback sent: {report.feedback['sent']}, withdrawals confirmed: {report.feedback['withdrawals']}"
    )


def _shown(name: str, *, paths: bool) -> str:
    return name if paths else id_of(name)


def _harmless(name: str) -> str:
    """Without what would steer the terminal: names of uploads are chosen by strangers."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)
