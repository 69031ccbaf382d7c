"""The one settings file, read from top to bottom. docs/deploy.md lists every variable."""

import logging
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env, logs

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

# Embedded: one command, SQLite, this machine only. Production: DATABASE_URL is set.
DEBUG = env.flag("DEBUG")
EMBEDDED = not os.environ.get("DATABASE_URL", "").startswith("postgres")
SECRET_KEY = env.secret_key(VAR_DIR, embedded=EMBEDDED)
SITE_URL = env.origin("SITE_URL", "http://127.0.0.1:8000")
IS_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", [urlsplit(SITE_URL).hostname or "", "localhost", "127.0.0.1", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
COURSES_DIR = BASE_DIR / "courses"
SITE_NAME = "Majlis"

INSTALLED_APPS = [
    "config",
    "apps.core",
    "apps.accounts",
    "apps.content",
    "apps.classrooms",
    "apps.grades",
    "apps.quizzes",
    "apps.debates",
    "apps.courseware",
    "apps.notes",
    "apps.review",
    "apps.learning",
    "apps.teaching",
    "apps.reader",
    "apps.integrations",
    "apps.notifications",
    "apps.api",
    "apps.privacy",
    "apps.demo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rules.apps.AutodiscoverRulesConfig",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "simple_history",
    "import_export",
    "adminsortable2",
    "django_structlog",
    "django_linear_migrations",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.reader.middleware.PublishedPageMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "apps.core.middleware.RequestIdMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.middleware.PreferencesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "apps.accounts.middleware.preferences",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    },
]
# The project's own form templates override Django's (admin and allauth included).
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")
FORMS_URLFIELD_ASSUME_HTTPS = True  # as Django 6 does

# Several processes share nothing but the database: sessions, rate limits and locks live there.
DATABASES = {"default": env.database(VAR_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        # Beyond it entries are culled, and with them somebody's rate limit.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # What is drawn of debates, by keys that name its version: each process keeps its own.
    "fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "fragments",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 5_000},
    },
}

# Identity
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    # Django's ModelBackend as well, with log-in by any confirmed address.
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "display_name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "learning:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "apps.accounts.forms.LoginForm",
    "signup": "apps.accounts.forms.SignupForm",
    "add_email": "apps.accounts.forms.EmailChangeForm",
    "reset_password": "apps.accounts.forms.PasswordForgottenForm",
    "reset_password_from_key": "apps.accounts.forms.PasswordResetForm",
    "change_password": "apps.accounts.forms.PasswordChangeForm",
    "set_password": "apps.accounts.forms.PasswordSetForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True  # one address a person; the old one counts until the new is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# A whole class signs in at once from one address; a single account is still held to five tries.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "30/m/ip,5/300s/key",
    "signup": "60/m/ip",
    "classroom_join": "10/10m/user,120/m/ip",
    "classroom_invite": "60/h/user",
    "debate_write": "40/h/user",
    "debate_judge": "600/h/user",
    "debate_report": "30/h/user",
    "debate_draft": "600/h/user",  # kept by itself while somebody writes
    "debate_search": "300/10m/user",  # asked while somebody types
    "note_write": "300/h/user",
    "note_edit": "300/h/user",
    "export": "60/h/user",  # one's notes or cards, a class's marks, a debate
    "privacy_copy": "3/d/user",
    "privacy_erase": "10/h/user",
    "calendar_feed": "60/h/key,600/m/ip",  # calendar programs of many people ask from one address
    "review_import": "30/h/user",
    "review_write": "300/h/user",
    # By administrators one by one, by a school's program all together.
    "webhook_write": "60/h/user",
    "webhook_test": "60/h/user",
    "webhook_write_program": "60/h/key",
    "webhook_test_program": "60/h/key",
}
# What opens something of a person's without their password, as (selector of what they have, service
# that ends it). A new password ends it all, unless the person says otherwise.
ACCOUNT_KEYS = (
    ("apps.api.selectors.keys_of", "apps.api.services.keys_end"),
    ("apps.learning.selectors.keys_of", "apps.learning.services.keys_end"),
)
MFA_ADAPTER = "apps.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {"add_webauthn": "apps.accounts.forms.PasskeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
MFA_TOTP_ISSUER = SITE_NAME
# How many proxies of ours stand in front: only they are believed about a visitor's address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole("TRUSTED_PROXY_COUNT", 0)

# Mail: without a mail server, letters are files in var/mail/.
_mail = env.mail(VAR_DIR)
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_FILE_PATH = _mail["EMAIL_FILE_PATH"]
EMAIL_HOST = _mail["EMAIL_HOST"]
EMAIL_PORT = _mail["EMAIL_PORT"]
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _mail["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _mail["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Majlis <majlis@localhost>")

# Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ur", _("Urdu")), ("ru", _("Russian"))]
FORMAT_MODULE_PATH = "config.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# Files
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# Headers and cookies
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, where there is no TLS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

# The REST API; each of its views says who may ask (apps/api/v1/access.py).
REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "apps.api.v1.problems.answer",
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "DEFAULT_SCHEMA_CLASS": "apps.api.v1.schema.Schema",
    "URL_FORMAT_OVERRIDE": None,  # `?format=` is a parameter like any other that nobody reads
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Majlis",
    "DESCRIPTION": "Courses, classes and grades. docs/api.md is the guide.",
    "VERSION": "1.0.0",  # of the contract; a breaking change is another /api/v2
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "PREPROCESSING_HOOKS": ["apps.api.v1.schema.without_missing"],
    "POSTPROCESSING_HOOKS": [
        "apps.api.v1.schema.with_security",
        "apps.api.v1.sharing.with_shared_parts",
    ],
    "TAGS": [
        {"name": "courses", "description": "What anybody may read."},
        {"name": "classrooms", "description": "Classes, who is in them, what was earned."},
        {"name": "oauth", "description": "Tokens."},
        {"name": "openapi", "description": "This document."},
    ],
}

# The worker: what may be due, as (service that takes `now`, seconds between two runs).
WORKER_SWEEPS = (
    ("apps.content.services.lessons_publish_due", 5),
    ("apps.classrooms.services.invitations_send_due", 5),
    ("apps.quizzes.services.attempts_close_due", 5),
    ("apps.quizzes.services.accommodations_follow", 5),
    ("apps.quizzes.services.scores_release_due", 30),
    ("apps.quizzes.services.corrections_finish", 60),
    ("apps.review.services.missed_add_due", 60),
    ("apps.learning.services.progress_settle", 5),
    ("apps.integrations.services.deliveries_send_due", 2),
    ("apps.integrations.services.deliveries_delete_old", 86_400),
    ("apps.notifications.services.events_tell", 2),
    ("apps.notifications.services.deadlines_tell", 300),
    ("apps.notifications.services.phases_tell", 30),
    ("apps.notifications.services.letters_send_due", 5),
    ("apps.notifications.services.notifications_delete_old", 86_400),
    ("apps.core.services.expired_rows_delete", 86_400),
    ("apps.core.services.tables_analyse", 3_600),
    ("apps.api.services.leftovers_delete", 3_600),
    ("apps.privacy.services.exports_make_due", 5),
    ("apps.privacy.services.exports_delete_old", 3_600),
    ("apps.privacy.services.erasures_do_due", 30),
    ("apps.privacy.services.erased_reapply", 3_600),
    ("apps.core.services.backups_delete_old", 86_400),
    ("apps.api.services.jobs_run_due", 2),
)

# Privacy. Whoever asks to be erased may change their mind for so many days.
ERASURE_DAYS = 7
# Public ids of the erased, outside the database and its backups: a restored one erases them again.
ERASED_LIST = Path(env.text("ERASED_LIST", str(VAR_DIR / "erased-people")))
BEFORE_RESTORE = ("apps.privacy.services.erased_remember",)
AFTER_RESTORE = ("apps.privacy.services.erased_reapply",)
# Backups in this folder are deleted when they are older; 0: never by this site.
BACKUP_DIR = Path(env.text("BACKUP_DIR", str(VAR_DIR / "backups")))
BACKUP_KEEP_DAYS = env.whole("BACKUP_KEEP_DAYS", 14)

# Hosts with private addresses that webhooks may call all the same, such as an LMS next door.
WEBHOOK_PRIVATE_HOSTS = env.words("WEBHOOK_PRIVATE_HOSTS", [])

# Logs: structured, on standard error, under a request id; config/logs.py says what they leave out.
LOGGING = logs.configuration(
    is_json=env.text("LOG_FORMAT", "text" if EMBEDDED else "json") == "json",
    level=env.text("LOG_LEVEL", "WARNING" if EMBEDDED else "INFO"),
)
DJANGO_STRUCTLOG_USER_ID_FIELD = ""  # and a page that needs no person loads none
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
