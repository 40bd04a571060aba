"""allauth's pages that the desk uses, and no others: nobody signs up, and no other service signs anybody in."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as sessions
from django.urls import path

from staff.access import ANYONE, SIGNED_IN, opens_to, requires_second_factor, to_set_up_second_factor

open_to_anyone = opens_to(ANYONE)
open_to_signed_in = opens_to(SIGNED_IN)

urlpatterns = [
    path("staff/sign-in/", open_to_anyone(account.login), name="account_login"),
    path("staff/sign-in/second-step/", open_to_anyone(mfa.authenticate), name="mfa_authenticate"),
    path("staff/sign-in/passkey/", open_to_anyone(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("staff/sign-in/inactive/", open_to_anyone(account.account_inactive), name="account_inactive"),
    path("staff/sign-out/", open_to_anyone(account.logout), name="account_logout"),
    path("staff/confirm/", open_to_signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("staff/confirm/code/", open_to_signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "staff/confirm/passkey/",
        open_to_signed_in(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    # The one thing that somebody without a second factor can do is to set one up.
    path("staff/second-step/", to_set_up_second_factor(mfa.index), name="mfa_index"),
    path("staff/second-step/app/", to_set_up_second_factor(totp.activate_totp), name="mfa_activate_totp"),
    path(
        "staff/second-step/passkeys/add/",
        to_set_up_second_factor(webauthn.add_webauthn),
        name="mfa_add_webauthn",
    ),
    path(
        "staff/second-step/app/remove/",
        requires_second_factor(totp.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path(
        "staff/second-step/passkeys/",
        requires_second_factor(webauthn.list_webauthn),
        name="mfa_list_webauthn",
    ),
    path(
        "staff/second-step/passkeys/<int:pk>/remove/",
        requires_second_factor(webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path(
        "staff/second-step/passkeys/<int:pk>/name/",
        requires_second_factor(webauthn.edit_webauthn),
        name="mfa_edit_webauthn",
    ),
    path(
        "staff/second-step/recovery-codes/",
        requires_second_factor(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "staff/second-step/recovery-codes/new/",
        requires_second_factor(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("staff/password/", requires_second_factor(account.password_change), name="account_change_password"),
    # For who was given no password, and comes in by a passkey alone.
    path("staff/password/first/", requires_second_factor(account.password_set), name="account_set_password"),
    path("staff/sessions/", requires_second_factor(sessions.list_usersessions), name="usersessions_list"),
]
