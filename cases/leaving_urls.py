"""What leaves the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from cases import leaving_views as views

app_name = "leaving"

_CASE = "triage/<uuid:case_id>"
_NOTICE = f"{_CASE}/notices/<int:pk>"
_PACK = f"{_CASE}/escalations/<int:pk>"

urlpatterns: list[URLPattern] = [
    path(f"{_CASE}/notices/make/", views.make_notice, name="make_notice"),
    path(f"{_NOTICE}/", views.show_notice, name="notice"),
    path(f"{_NOTICE}/message.json", views.notice_message, name="notice_message"),
    path(f"{_NOTICE}/sent/", views.notice_sent, name="notice_sent"),
    path(f"{_NOTICE}/acknowledged/", views.notice_acknowledged, name="notice_acknowledged"),
    path(f"{_NOTICE}/outcome/", views.notice_outcome, name="notice_outcome"),
    path(f"{_NOTICE}/complaint/", views.complaint, name="complaint"),
    path(f"{_NOTICE}/complaint/made/", views.complaint_made, name="complaint_made"),
    path(f"{_CASE}/escalations/ask/", views.ask_for_disclosure, name="ask_for_disclosure"),
    path(f"{_PACK}/", views.show_pack, name="pack"),
    *(
        path(f"{_PACK}/pack.{kind}", views.pack_file, {"kind": kind}, name=f"pack_{kind}")
        for kind in ("xml", "json", "pdf")
    ),
    path(f"{_PACK}/filed/", views.filed, name="filed"),
    path(f"{_PACK}/failed/", views.filing_failed, name="filing_failed"),
    path(f"{_CASE}/legal-hold/", views.begin_hold, name="begin_hold"),
    path(f"{_CASE}/legal-hold/end/", views.end_hold, name="end_hold"),
]
