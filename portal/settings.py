"""Settings: environment variables only. Each is listed in docs/operating.md and checked at start by `portal.checks`."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal.headers import static_headers
from portal.logs import logging_config
from portal.schedule import SCHEDULE
from portal.variables import Variables

BASE_DIR = Path(__file__).resolve().parent.parent

env = ENVIRONMENT = Variables()
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
# `make run` makes these once; an operator sets real variables, which win over the file.
if (VAR_DIR / "secrets.env").exists():
    Variables.read_env(VAR_DIR / "secrets.env")

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
# Some fifty cases at the desk; it takes a few seconds to make them, once.
DEMO_CASES = env.bool("DEMO_CASES", default=DEMO)
# An invented platform's members and what happened between them in a month.
DEMO_MEMBERS = env.bool("DEMO_MEMBERS", default=DEMO)
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# Where people reach the portal. Hosts, origins and cookie flags follow from these three.
PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
STAFF_URL = env.str("STAFF_URL", default=SITE_URL).rstrip("/")
MEMBER_URL = env.str("MEMBER_URL", default=SITE_URL).rstrip("/")
SURFACES = [name.strip() for name in env.list("SURFACES", default=["takedown", "safety"])]

_LOOPBACK = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}


def _hosts(*urls: str) -> list[str]:
    """Host names of the addresses; a loopback address answers to both of its names."""
    hosts = {urlsplit(url).hostname or "" for url in urls}
    return sorted(hosts | {_LOOPBACK[host] for host in hosts if host in _LOOPBACK})


def _origins(*urls: str) -> list[str]:
    # What has no scheme is told by `portal.checks`; Django would say the same in other words.
    origins = {url for url in urls if "://" in url}
    for url in set(origins):
        host = urlsplit(url).hostname or ""
        if host in _LOOPBACK:
            origins.add(url.replace(f"//{host}", f"//{_LOOPBACK[host]}", 1))
    return sorted(origins)


ALLOWED_HOSTS = _hosts(SITE_URL, STAFF_URL, MEMBER_URL)
CSRF_TRUSTED_ORIGINS = _origins(SITE_URL, STAFF_URL, MEMBER_URL)
_HTTPS = all(url.startswith("https://") for url in (SITE_URL, STAFF_URL, MEMBER_URL))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
if _HTTPS:
    # A browser takes such a cookie from this very host only, so the staff's host can't be fooled by another's.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
# A proxy in front ends TLS; it must set this header itself and drop what the client sent.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63_072_000 if _HTTPS else 0
# This speaks for every host of the domain, and browsers' lists are hard to leave again: the operator's choice.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS and env.bool("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# `no-referrer` would make browsers send `Origin: null`, and every form would be refused.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# The one page that is shown in a frame, where pictures are chosen, says so itself.
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "staff.apps.SuperusersAdminConfig",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "rest_framework",
    "rest_framework_api_key",
    "drf_standardized_errors",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "portal",
    "cases",
    "safety",
    "hashes",
    "nudges",
    "accounts",
    "platforms",
    "staff",
]

MIDDLEWARE = [
    "portal.middleware.ProblemsForPrograms",
    # Before all that could read a cookie.
    "portal.middleware.ReportersAreStrangers",
    "django.middleware.security.SecurityMiddleware",
    "portal.middleware.MachinesPassQuickly",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    # Before the host is looked at.
    "portal.middleware.ProbesAskByAnyName",
    "portal.middleware.EachOnTheirHost",
    "portal.middleware.BodiesHaveALength",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.reporter_pages",
            ],
        },
    },
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'reclaim.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: a code was shown, so the row must survive a power cut. secure_delete: what was deleted is overwritten.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Django's own 300 entries would let a flood push out spent proofs and counters.
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://?max_entries=200000")}

AUTH_USER_MODEL = "staff.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Staff sign in through allauth: name or e-mail and password, then a second factor, which `staff.access` insists on.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "staff:home"
ACCOUNT_ADAPTER = "staff.adapters.StaffAccounts"
MFA_ADAPTER = "staff.adapters.SecondFactors"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# Read them aloud: five wrong ones in five minutes and fifty a day for one account, and thirty a minute from one place.
# A wrong code counts only after a right password; at fifty a day, guessing one takes a lifetime.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key,50/d/key",
    "reauthenticate": "10/m/user",
}
# As many proxies as are in front; what lies before them in X-Forwarded-For is the client's own invention.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Reclaim"
# Who reads a code in its last second and types it in the next is let in (RFC 6238, 5.2); a code still counts once.
MFA_TOTP_PERIOD = 30
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "staff.second_step_forms.Authenticate",
    "reauthenticate": "staff.second_step_forms.Reauthenticate",
}
# A passkey needs https; on the demo's own machine the browser lets it go.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _HTTPS
# A shift, and the browser's end.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ADD_HEADERS_FUNCTION = static_headers

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "camera",
        "microphone",
        "geolocation",
        "usb",
        "payment",
        "display-capture",
        "midi",
    )
}

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["portal.parsers.CarefulJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "portal.schema.ProblemSchema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "UNAUTHENTICATED_USER": None,
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "portal.problems.ProblemHandler",
    "EXCEPTION_FORMATTER_CLASS": "portal.problems.ProblemFormatter",
    # What strangers see of an error inside is the same while developing.
    "ENABLE_IN_DEBUG_FOR_UNHANDLED_EXCEPTIONS": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Reclaim",
    "DESCRIPTION": "Reports, the list of fingerprints, and what platforms say about it.",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["portal.schema.open_surfaces_only"],
    "ENUM_NAME_OVERRIDES": {
        "AlgorithmEnum": "hashes.models.Entry.Algorithm",
        "ReportedAlgorithmEnum": "hashes.fingerprints.HEX_LENGTHS",
        "AgeBandEnum": "accounts.models.AgeBand",
        "AudienceEnum": "accounts.privacy.AUDIENCES",
        "FeedbackOutcomeEnum": "hashes.models.Feedback.Outcome",
        "FlagOutcomeEnum": "safety.models.Flag.Outcome",
    },
    "SWAGGER_UI_SETTINGS": {"persistAuthorization": False},
}

# The rows are the store; the broker only wakes the worker, so a lost message loses nothing and every task may run twice.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="memory://")
# The memory broker looks once a second unless told otherwise.
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"polling_interval": 0.02} if CELERY_BROKER_URL.startswith("memory:") else {}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A queue of its own: the broker may serve other programs too.
CELERY_TASK_DEFAULT_QUEUE = "reclaim"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
# Threads can't be interrupted, so Celery's time limits do nothing here: each outgoing call has its own.
CELERY_BEAT_SCHEDULE = SCHEDULE

LOGGING_CONFIG = "portal.logs.configure"
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
LOGGING = logging_config(LOG_LEVEL)

# What the reporter's pages say. The quick exit leads to something that nobody asks about.
QUICK_EXIT_URL = env.str("QUICK_EXIT_URL", default="https://www.bbc.com/weather")
HELP_LINES_FILE = Path(env.str("HELP_LINES_FILE", default=str(BASE_DIR / "portal" / "help_lines.json")))

# Reports.
ACCESS_CODE_PEPPER = env.str("ACCESS_CODE_PEPPER", default="")
TEAM_PUBLIC_KEY_FILE = Path(env.str("TEAM_PUBLIC_KEY_FILE", default=str(VAR_DIR / "team.pub")))
# One file, several separated by commas, or a folder: after a change of keys, old cases need the old one.
TEAM_PRIVATE_KEY_FILE = env.str("TEAM_PRIVATE_KEY_FILE", default=str(VAR_DIR / "team.key"))
MESSAGES_PER_DAY = env.int("MESSAGES_PER_DAY", default=20)
LOCATIONS_PER_CASE = env.int("LOCATIONS_PER_CASE", default=50)
MEDIA_PER_REPORT = env.int("MEDIA_PER_REPORT", default=50)
MEDIA_PER_CASE = env.int("MEDIA_PER_CASE", default=200)
FINGERPRINTS_PER_MEDIA = env.int("FINGERPRINTS_PER_MEDIA", default=80)
REPORT_MAX_BYTES = env.int("REPORT_MAX_BYTES", default=1_000_000)
RELEASE_AT_ONCE = env.bool("RELEASE_AT_ONCE", default=True)
LADDER_BATCH_HOURS = env.int("LADDER_BATCH_HOURS", default=0 if DEMO else 24)
WITHDRAWAL_DELAY_HOURS = env.int("WITHDRAWAL_DELAY_HOURS", default=0 if DEMO else 24)
WITHDRAWAL_DELAY_THREATENED_HOURS = env.int(
    "WITHDRAWAL_DELAY_THREATENED_HOURS", default=max(WITHDRAWAL_DELAY_HOURS, 0 if DEMO else 72)
)
REPORTS_PER_HOUR_BEFORE_PROOF = env.int("REPORTS_PER_HOUR_BEFORE_PROOF", default=200)
REPORTS_PER_CLIENT_HOUR_BEFORE_PROOF = env.int("REPORTS_PER_CLIENT_HOUR_BEFORE_PROOF", default=10)
# Two full reports; what one client brings beyond it waits for the desk.
PICTURES_PER_CLIENT_HOUR = env.int("PICTURES_PER_CLIENT_HOUR", default=400)
WRONG_CODES_PER_SELECTOR = env.int("WRONG_CODES_PER_SELECTOR", default=5)
WRONG_CODES_PER_CLIENT = env.int("WRONG_CODES_PER_CLIENT", default=10)
CODES_PER_CLIENT = env.int("CODES_PER_CLIENT", default=60)
PROOF_OF_WORK_COST = env.int("PROOF_OF_WORK_COST", default=5_000)
PROOF_WAIT_SECONDS = env.int("PROOF_WAIT_SECONDS", default=60)
DATA_UPLOAD_MAX_MEMORY_SIZE = REPORT_MAX_BYTES
# Messages and notes go so many days after a report is over.
MESSAGE_RETENTION_DAYS = env.int("MESSAGE_RETENTION_DAYS", default=90)
# Who signs notices to platforms, and how to be reached about them. No notice is made until all three are named.
NOTICE_SIGNATORY_NAME = env.str("NOTICE_SIGNATORY_NAME", default="Robin Hale (demo)" if DEMO else "")
NOTICE_SIGNATORY_TITLE = env.str("NOTICE_SIGNATORY_TITLE", default="Head of the hotline" if DEMO else "")
NOTICE_CONTACT = env.str("NOTICE_CONTACT", default="notices@reclaim.example" if DEMO else "")

# Hosts that webhooks may reach although their addresses are not public; the demo's receivers run beside it.
WEBHOOK_ALLOWED_HOSTS = env.list("WEBHOOK_ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if DEMO else [])

# A letter about a limit waits so long, up to three times as long, and then for its day's batch. 0 is at once.
LETTER_DELAY_HOURS = env.int("LETTER_DELAY_HOURS", default=0 if DEMO else 24)
# For telling a platform's contact that nothing reaches it; without a server the desk says whom to tell.
EMAIL_URL = env.str("EMAIL_URL", default="")
MAIL_FROM = DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="")
EMAIL_TIMEOUT = 10
if EMAIL_URL:
    globals().update(env.mail_url("EMAIL_URL", default="dummymail://"))

# The list.
FEED_STAMP_SECONDS = env.int("FEED_STAMP_SECONDS", default=1 if DEMO else 300)
# New fingerprints that a platform may bring in an hour.
SUBMIT_HASHES_PER_HOUR = env.int("SUBMIT_HASHES_PER_HOUR", default=10_000)
PUBLISH_BATCH = 1_000
MATCH_BATCH = 1_000
# Of each key.
MATCH_HASHES_PER_MINUTE = env.int("MATCH_HASHES_PER_MINUTE", default=600_000)
MATCH_MEDIA_PER_MINUTE = env.int("MATCH_MEDIA_PER_MINUTE", default=120)
# Pictures of platforms that can't hash.
MATCH_MEDIA_MAX_BYTES = env.int("MATCH_MEDIA_MAX_BYTES", default=20_000_000)
MATCH_MEDIA_MAX_PIXELS = env.int("MATCH_MEDIA_MAX_PIXELS", default=50_000_000)
MATCH_MEDIA_SECONDS = env.int("MATCH_MEDIA_SECONDS", default=10)
MATCH_MEDIA_AT_ONCE = env.int("MATCH_MEDIA_AT_ONCE", default=2)

# Nudges wait for up to so many hours, and never less than one, unless it is 0.
NUDGE_DELAY_HOURS = env.int("NUDGE_DELAY_HOURS", default=0 if DEMO else 12)
# Whose clock counts for a teen whose platform told no time zone.
NUDGE_TIME_ZONE = env.str("NUDGE_TIME_ZONE", default="UTC")
# What signs pushes, and how the makers of browsers reach whoever runs this.
VAPID_PRIVATE_KEY_FILE = Path(env.str("VAPID_PRIVATE_KEY_FILE", default=str(VAR_DIR / "push.key")))
VAPID_CONTACT = env.str(
    "VAPID_CONTACT", default=SITE_URL if SITE_URL.startswith("https://") else "mailto:webmaster@localhost"
)
PUSH_ALLOWED_HOSTS = env.list("PUSH_ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if DEMO else [])
