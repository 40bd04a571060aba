"""Addresses of settings and supervision: the teen's, the guardian's, and staff's who are asked for help."""

from __future__ import annotations

from django.urls import path

from accounts import call_views, guardian_views, teen_settings_views, teen_supervision_views

urlpatterns = [
    path("teen/settings/", teen_settings_views.home, name="settings"),
    path("teen/settings/recommended/", teen_settings_views.use_recommended, name="use_recommended"),
    path("teen/settings/undo/<uuid:together>/", teen_settings_views.take_back, name="undo"),
    path("teen/settings/wishes/<int:pk>/take-back/", teen_settings_views.forget_wish, name="forget_wish"),
    path("teen/settings/<slug:key>/", teen_settings_views.change, name="change_setting"),
    path("teen/supervision/", teen_supervision_views.home, name="supervision"),
    path("teen/supervision/invite/", teen_supervision_views.invite, name="supervision_invite"),
    path("teen/supervision/code/", teen_supervision_views.take_code, name="supervision_code"),
    path("teen/supervision/call/", teen_supervision_views.call, name="supervision_call"),
    path("teen/supervision/<int:pk>/agree/", teen_supervision_views.agree, name="supervision_agree"),
    path("teen/supervision/<int:pk>/decline/", teen_supervision_views.decline, name="supervision_decline"),
    path("teen/supervision/<int:pk>/pause/", teen_supervision_views.pause, name="supervision_pause"),
    path("teen/supervision/<int:pk>/resume/", teen_supervision_views.resume, name="supervision_resume"),
    path("teen/supervision/<int:pk>/end/", teen_supervision_views.end, name="supervision_end"),
    path("teen/supervision/<int:pk>/call/", teen_supervision_views.call_about, name="supervision_call_about"),
    path("guardian/", guardian_views.home, name="guardian"),
    path("guardian/invite/", guardian_views.invite, name="guardian_invite"),
    path("guardian/code/", guardian_views.take_code, name="guardian_code"),
    path("guardian/wishes/<int:pk>/approve/", guardian_views.approve, name="wish_approve"),
    path("guardian/wishes/<int:pk>/refuse/", guardian_views.refuse, name="wish_refuse"),
    path("guardian/<int:pk>/end/", guardian_views.end, name="guardian_end"),
    path("review/calls/", call_views.queue, name="calls"),
    path("review/calls/<int:pk>/", call_views.show, name="call"),
    path("review/calls/<int:pk>/answer/", call_views.answer, name="call_answer"),
    path("review/calls/<int:pk>/supervisions/<int:supervision_id>/end/", call_views.end, name="call_end"),
]
