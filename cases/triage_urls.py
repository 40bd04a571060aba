"""The desk: its queue, its cases, and one address for each verb."""

from __future__ import annotations

from django.urls import URLPattern, path

from cases import triage_verdict_views as verdicts
from cases import triage_views as views
from cases import triage_work_views as work

app_name = "triage"

_CASE = "triage/<uuid:case_id>"
_PICTURE = f"{_CASE}/pictures/<uuid:picture_id>"

urlpatterns: list[URLPattern] = [
    path("triage/", views.queue, name="queue"),
    path("triage/next/", views.next_case, name="next"),
    path("triage/undo/", work.take_back, name="undo"),
    path("triage/many/accept/look/", work.preview_accept, name="preview_accept"),
    path("triage/many/accept/", work.accept_many, name="accept_many"),
    path("triage/many/close/look/", work.preview_close, name="preview_close"),
    path("triage/many/close/", work.close_many, name="close_many"),
    path("triage/shortcuts/on/", work.shortcuts_on, name="shortcuts_on"),
    path("triage/shortcuts/off/", work.shortcuts_off, name="shortcuts_off"),
    path(f"{_CASE}/", views.case, name="case"),
    path(f"{_CASE}/claim/", work.claim, name="claim"),
    path(f"{_CASE}/give-back/", work.give_back, name="give_back"),
    path(f"{_CASE}/still-here/", work.still_here, name="still_here"),
    path(f"{_CASE}/hold/", work.hold, name="hold"),
    path(f"{_CASE}/hand-over/", work.hand_over, name="hand_over"),
    path(f"{_CASE}/notes/", work.add_note, name="note"),
    path(f"{_CASE}/accept/", verdicts.accept, name="accept"),
    path(f"{_CASE}/ask/", verdicts.ask, name="ask"),
    path(f"{_CASE}/decline/", verdicts.decline, name="decline"),
    path(f"{_CASE}/escalate/", verdicts.escalate, name="escalate"),
    path(f"{_CASE}/close/", verdicts.close, name="close"),
    path(f"{_CASE}/reopen/", verdicts.reopen, name="reopen"),
    path(f"{_CASE}/withdraw/", verdicts.withdraw, name="withdraw"),
    path(f"{_CASE}/break-glass/", verdicts.break_glass, name="break_glass"),
    path(f"{_PICTURE}/quarantine/", verdicts.quarantine, name="quarantine"),
    path(f"{_PICTURE}/restore/", verdicts.restore, name="restore"),
]
