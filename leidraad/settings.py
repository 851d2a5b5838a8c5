"""The one settings file. The environment supplies values; a missing or malformed one stops the start and is named."""

import sys
from pathlib import Path
from typing import Any

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from marshmallow.validate import OneOf, Range, Regexp

from leidraad.environment import env, read, retention
from leidraad.logs import logging_of
from partners.sign_in.providers import parse as parse_providers

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules
ENVIRONMENT: str = read(env.str, "LEIDRAAD_ENV", "production", validate=OneOf(["production", "development"]))
PRODUCTION = ENVIRONMENT == "production" and not TESTING

DEBUG: bool = read(env.bool, "LEIDRAAD_DEBUG", False)
LEIDRAAD_DEMO: bool = read(env.bool, "LEIDRAAD_DEMO", False)
LEIDRAAD_TODAY = read(env.date, "LEIDRAAD_TODAY", None)
# Columns that a dossier file must have, where that differs from the intake format.
LEIDRAAD_REQUIRED_COLUMNS: list[str] | None = read(env.list, "LEIDRAAD_REQUIRED_COLUMNS", None)
LEIDRAAD_SERVICE_DESK: str = read(env.str, "LEIDRAAD_SERVICE_DESK", "050 555 00 00")
# Whether signing in takes a second factor. Left out: everywhere but in a demo.
LEIDRAAD_SECOND_FACTOR: bool | None = read(env.bool, "LEIDRAAD_SECOND_FACTOR", None)
# After so many minutes without a sign of life the session locks; on the phone layout sooner.
LEIDRAAD_LOCK_MINUTES: int = read(env.int, "LEIDRAAD_LOCK_MINUTES", 30, validate=Range(min=5, max=600))
LEIDRAAD_LOCK_MINUTES_PHONE: int = read(env.int, "LEIDRAAD_LOCK_MINUTES_PHONE", 10, validate=Range(min=5, max=600))
# Leaked passwords that nobody may choose: a file of sorted SHA-1 hashes, or the address of a range service. Empty: neither.
LEIDRAAD_BREACHED_PASSWORDS: str = read(env.str, "LEIDRAAD_BREACHED_PASSWORDS", "")
# How long emergency access to a case lasts.
LEIDRAAD_EMERGENCY_MINUTES: int = read(env.int, "LEIDRAAD_EMERGENCY_MINUTES", 60, validate=Range(min=1, max=24 * 60))
SECRET_KEY: str = read(env.str, "SECRET_KEY", "only-for-tests-and-development" if not PRODUCTION else None) or ""
ALLOWED_HOSTS: list[str] = read(env.list, "ALLOWED_HOSTS", ["127.0.0.1", "localhost", "testserver"])
CSRF_TRUSTED_ORIGINS: list[str] = read(env.list, "CSRF_TRUSTED_ORIGINS", [])
if not all(origin.startswith(("http://", "https://")) for origin in CSRF_TRUSTED_ORIGINS):
    raise ImproperlyConfigured(
        "CSRF_TRUSTED_ORIGINS: each begins with https://, for instance https://leidraad.example."
    )

# --- database: the web logs in as a role that owns nothing; migrations use the owner -------------------------------
DB_ROLE: str = read(env.str, "LEIDRAAD_DB_ROLE", "owner" if TESTING else "app", validate=OneOf(["app", "owner"]))
APP_ROLE = "leidraad_app"


def _database() -> dict[str, Any]:
    name = "DATABASE_OWNER_URL" if DB_ROLE == "owner" and env.str("DATABASE_OWNER_URL", "") else "DATABASE_URL"
    parsed: dict[str, Any] = read(env.dj_db_url, name)
    if parsed["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{name}: Leidraad needs PostgreSQL.")
    parsed["ENGINE"] = "leidraad.lib.postgres"  # which tells the wall who is acting
    parsed["CONN_MAX_AGE"] = 0
    # A connection that a restarted database has dropped is replaced before a user meets it.
    parsed["CONN_HEALTH_CHECKS"] = True
    parsed["TEST"] = {"NAME": read(env.str, "LEIDRAAD_TEST_DB", "test_leidraad")}
    return parsed


DATABASES: dict[str, dict[str, Any]] = {"default": _database()}
POOL_SIZE: int = read(env.int, "DATABASE_POOL_SIZE", 8, validate=Range(min=1, max=500))
if not TESTING and DB_ROLE == "app":
    pool = {"min_size": 1, "max_size": POOL_SIZE, "timeout": 5}
    DATABASES["default"]["OPTIONS"] = {**DATABASES["default"].get("OPTIONS", {}), "pool": pool}
# The event log has a connection of its own, so that a refusal stays on record when a request rolls back.
DATABASES["log"] = {**DATABASES["default"], "TEST": {"MIRROR": "default"}}

# --- the read log ----------------------------------------------------------------------------------------------------
# How long looks are kept, as "2027-01-01=60": from that day on 60 whole months; several separated by commas. Nothing: kept.
READ_LOG_RETENTION = retention(read(env.str, "LEIDRAAD_READ_LOG_RETENTION", ""))

# When the register of looks draws attention. 0, no hours or false switches one off.
LEIDRAAD_SIGNAL_SEARCHES: int = read(env.int, "LEIDRAAD_SIGNAL_SEARCHES", 30, validate=Range(min=0))  # in an hour
LEIDRAAD_SIGNAL_REFUSALS: int = read(env.int, "LEIDRAAD_SIGNAL_REFUSALS", 10, validate=Range(min=0))  # in a day
LEIDRAAD_SIGNAL_NIGHT: str = read(env.str, "LEIDRAAD_SIGNAL_NIGHT", "22-6", validate=Regexp(r"(\d{1,2}-\d{1,2})?$"))
LEIDRAAD_SIGNAL_NO_RELATION: bool = read(env.bool, "LEIDRAAD_SIGNAL_NO_RELATION", True)

# --- broker, cache, jobs --------------------------------------------------------------------------------------------
REDIS_URL: str = read(env.str, "REDIS_URL", "", validate=Regexp(r"((rediss?|unix)://.+)?$"))
if PRODUCTION and not REDIS_URL:
    raise ImproperlyConfigured("REDIS_URL: Environment variable not set")
if REDIS_URL and not TESTING:
    _cache = {"BACKEND": "leidraad.lib.cache.SturdyRedisCache", "LOCATION": REDIS_URL, "OPTIONS": {"socket_timeout": 1}}
    CACHES: dict[str, dict[str, Any]] = {"default": _cache}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Each process's own memory, for choices that change a few times a year and that every list page needs.
CACHES["near"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_ALWAYS_EAGER: bool = read(env.bool, "CELERY_TASK_ALWAYS_EAGER", TESTING or not REDIS_URL)
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_TIMEZONE = "Europe/Amsterdam"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "send-outcomes": {"task": "supervision.send_due_outcomes", "schedule": 60.0},
    "expire-requests": {"task": "requests.expire_requests", "schedule": 900.0},
    "expire-handovers": {"task": "handover.expire_handovers", "schedule": 900.0},
    "clear-sessions": {"task": "partners.clear_sessions", "schedule": crontab(hour="3", minute="17")},
    "resume-redistributions": {"task": "cases.resume_redistributions", "schedule": 120.0},
    "follow-policy": {"task": "cases.follow_policy", "schedule": 120.0},
    # Each hour, so that an answer is not missed for a day when the beat was away at night.
    "expire-answers": {"task": "procedure.expire_answers", "schedule": 3600.0},
    "keep-deadlines": {"task": "terms.keep_deadlines", "schedule": 60.0},
    "look-again-at-departures": {"task": "departure.look_again", "schedule": 60.0},
    "keep-all-deadlines": {"task": "terms.keep_all_deadlines", "schedule": crontab(hour="4", minute="7")},
    "keep-silent": {"task": "cases.keep_silent", "schedule": crontab(hour="3", minute="47")},
    # Liberty first and more often.
    "remind-of-liberty": {"task": "terms.remind_of_liberty", "schedule": 600.0},
    "remind": {"task": "terms.remind", "schedule": 3600.0},
    "seal-history": {"task": "lib.seal_history", "schedule": 900.0},
    "make-event-months": {"task": "lib.make_event_months", "schedule": crontab(hour="2", minute="41")},
    "resume-imports": {"task": "handover.resume_imports", "schedule": 120.0},
}
CELERY_OUTBOX_APP = "leidraad.celery.app"
CELERY_OUTBOX_STRUCTLOG_CONTEXT_KEYS = ["request_id"]
# The outbox can send its counts to a statsd server; here nothing leaves unasked.
MONITORING_METRICS_ENABLED = False

# --- applications ---------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "leidraad.pages",
    "handover",
    "cases.reception",
    "cases.procedure",
    "cases.departure",
    "cases.identity",
    "cases.supervision",
    "cases.requests",
    "cases.terms",
    "cases.case",
    "partners",
    "leidraad.lib",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "guardian",
    "simple_history",
    "pgtrigger",
    "django_celery_outbox",
    "django_celery_beat",
    "django_htmx",
    "django_countries",
    "django_structlog",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
# Messages may name a person: they wait on the server, not in a cookie on somebody's machine.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
MIDDLEWARE = [
    # Outermost, so that whatever answers carries these headers: files, faults and refusals too.
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "leidraad.lib.middleware.RequestStampMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "partners.middleware.MemberMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "partners.sign_in.idle.LockMiddleware",
    "partners.sign_in.factor.SecondFactorMiddleware",
    "partners.sign_in.refilling.RefillMiddleware",
    "leidraad.pages.faults.EmptyAnswerMiddleware",
    "leidraad.lib.middleware.LookLogMiddleware",
    "leidraad.lib.middleware.RefusalLogMiddleware",
    "leidraad.lib.middleware.RequestLogMiddleware",
]
ROOT_URLCONF = "leidraad.urls"
CSRF_FAILURE_VIEW = "leidraad.pages.faults.csrf_failure"
WSGI_APPLICATION = "leidraad.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "leidraad.lib.forms.Renderer"
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
                "leidraad.pages.context.frame",
            ],
        },
    }
]

# --- people and rights ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "partners.Member"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "guardian.backends.ObjectPermissionBackend"]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "partners.sign_in.passwords.DressedUpPasswordValidator"},
    {"NAME": "partners.sign_in.passwords.BreachedPasswordValidator"},
]
# allauth is the machine behind signing in. Nobody makes an account here, and its mails are not sent.
ACCOUNT_ADAPTER = "partners.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_FORMS = {
    "login": "partners.sign_in.forms.SignInForm",
    "change_password": "partners.sign_in.forms.ChangePasswordForm",
    "reauthenticate": "partners.sign_in.forms.PasswordAgainForm",
}
# Failures count per typed name and address together, so that neither a whole site behind one address nor the owner of a
# name can be locked out by somebody else; more loosely per name from all addresses, and per address for all names.
# The library's limit per address is off: its lock is one that a whole site would wait for. Ours counts failures.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/5m/key", "login_failed_anywhere": "50/h/key"}
MFA_ADAPTER = "partners.sign_in.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Leidraad"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_FORMS = {
    "authenticate": "partners.sign_in.forms.CodeForm",
    "reauthenticate": "partners.sign_in.forms.CodeAgainForm",
    "activate_totp": "partners.sign_in.forms.ActivateAppForm",
    "add_webauthn": "partners.sign_in.forms.AddPasskeyForm",
}
# Organisations whose people sign in at home. A link leads there; what comes back is bound to this browser by its state.
try:
    LEIDRAAD_OPENID_PROVIDERS = parse_providers(env.str("LEIDRAAD_OPENID_PROVIDERS", ""), production=PRODUCTION)
except ValueError as error:
    raise ImproperlyConfigured(f"LEIDRAAD_OPENID_PROVIDERS: {error}") from error
SOCIALACCOUNT_ADAPTER = "partners.sign_in.organisation.OrganisationAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
LOGIN_URL = "/aanmelden/"
LOGIN_REDIRECT_URL = "/"
# Longer than anybody may work in a session, which locks long before: what is sent after a night still knows whose it is.
SESSION_COOKIE_AGE = 4 * 24 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SIMPLE_HISTORY_DATE_INDEX = False

# --- language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "leidraad_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = [
    BASE_DIR / "locale" / room
    for room in (
        "frame",
        "pages",
        "intake",
        "memory",
        "referrals",
        "handover",
        "reception",
        "procedure",
        "identity",
        "supervision",
        "departure",
        "requests",
        "terms",
        "case",
        "partners",
        "lib",
    )
]
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = USE_TZ = True
COUNTRIES_OVERRIDE = {"XK": {"name": "Kosovo", "alpha3": "RKS"}}  # so called in both languages

# --- files ----------------------------------------------------------------------------------------------------------
DATA_DIR = Path(read(env.str, "LEIDRAAD_DATA_DIR", str(BASE_DIR / ".run")))
MEDIA_ROOT = DATA_DIR / "files"
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # anything larger goes straight to disk
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
STATIC_URL, STATIC_ROOT = "/static/", DATA_DIR / "static"
NODE_MODULES = Path(read(env.str, "LEIDRAAD_NODE_MODULES", str(BASE_DIR / "node_modules")))
STATICFILES_DIRS: list[Any] = [
    BASE_DIR / "static",
    ("nlds/utrecht", NODE_MODULES / "@utrecht/component-library-css/dist"),
    ("nlds/tokens", NODE_MODULES / "@nl-design-system-unstable/voorbeeld-design-tokens/dist"),
    ("nlds/noto-sans", NODE_MODULES / "@fontsource-variable/noto-sans"),
    ("nlds/noto-sans-arabic", NODE_MODULES / "@fontsource-variable/noto-sans-arabic"),
]
_AS_THEY_ARE = "django.contrib.staticfiles.storage.StaticFilesStorage"
_NAMED_BY_CONTENT = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _AS_THEY_ARE if TESTING or DEBUG else _NAMED_BY_CONTENT},
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG

# --- seals over what is remembered: the key and the files stand outside the database -----------------------------------
SEAL_KEY = Path(read(env.str, "LEIDRAAD_SEAL_KEY", *(() if PRODUCTION else (str(DATA_DIR / "seal.key"),))))
SEAL_DIR = Path(read(env.str, "LEIDRAAD_SEAL_DIR", *(() if PRODUCTION else (str(DATA_DIR / "seals"),))))

# --- mail -----------------------------------------------------------------------------------------------------------
_mail = read(env.dj_email_url, "EMAIL_URL", "console:") if not PRODUCTION else read(env.dj_email_url, "EMAIL_URL")
if "EMAIL_BACKEND" not in _mail:
    raise ImproperlyConfigured("EMAIL_URL: begins with smtp://, submission:// (smtp with TLS) or console:")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail.get("EMAIL_HOST") or "", _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_USER") or "", _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_TIMEOUT = _mail.get("EMAIL_TIMEOUT") or 10
EMAIL_USE_TLS, EMAIL_USE_SSL = bool(_mail.get("EMAIL_USE_TLS")), bool(_mail.get("EMAIL_USE_SSL"))
DEFAULT_FROM_EMAIL: str = read(env.str, "DEFAULT_FROM_EMAIL", "leidraad@leidraad.invalid")

# --- headers --------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "microphone", "geolocation", "payment", "usb", "display-capture")
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_TLS: bool = read(env.bool, "LEIDRAAD_TLS", PRODUCTION)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE_TLS
if SECURE_TLS:  # a name that browsers accept from this very host only, over TLS
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
BEHIND_PROXY: bool = read(env.bool, "LEIDRAAD_BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Whose address counts as the sender's: with a proxy before us the one that it names.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- logs -----------------------------------------------------------------------------------------------------------
LOG_LEVEL: str = read(
    env.str,
    "LEIDRAAD_LOG_LEVEL",
    "WARNING" if TESTING or not PRODUCTION else "INFO",
    validate=OneOf(["DEBUG", "INFO", "WARNING", "ERROR"]),
)
LOGGING = logging_of(LOG_LEVEL, as_json=PRODUCTION)
# Our own number of a request, the one on error pages and in history, is the one in the logs and in its tasks.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_CELERY_ENABLED = True


def _refuse_unsafe_production() -> None:
    weak = len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10 or SECRET_KEY.startswith("django-insecure-")
    for refused, message in (
        (weak, "SECRET_KEY: use at least 50 random characters."),
        (DEBUG, "LEIDRAAD_DEBUG: not in production."),
        (LEIDRAAD_DEMO, "LEIDRAAD_DEMO: the demo accounts have a known password; not in production."),
        (LEIDRAAD_TODAY is not None, "LEIDRAAD_TODAY: the clock is frozen in demo and tests only."),
        (not SECURE_TLS, "LEIDRAAD_TLS: production needs TLS; set it to true or leave it out."),
        (not env.list("ALLOWED_HOSTS", []), "ALLOWED_HOSTS: name the hosts that this installation serves."),
        ("*" in ALLOWED_HOSTS, "ALLOWED_HOSTS: name the hosts, not *."),
    ):
        if refused:
            raise ImproperlyConfigured(message)


if PRODUCTION:
    _refuse_unsafe_production()
