"""Settings, all from the environment (see environment.py for how a wrong one is told)."""

from pathlib import Path

from csp.constants import NONE, SELF

from config import logs
from config.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"

env = Environment(var=VAR)

# --- What kind of place this is -------------------------------------------------------------------------------------
# The demonstration runs over plain http on this machine; production expects TLS in front of it.
PRODUCTION = env.flag("PRODUCTION", default=False)
SITE_URL = env.url("SITE_URL", default="http://localhost:8000", needed=PRODUCTION)
SECRET_KEY = env.secret_key(needed=PRODUCTION)
# The keys before, while sessions and second factors made under them are still about.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.flag("DEBUG", default=False)
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"], needed=PRODUCTION)

# --- Who this is for ------------------------------------------------------------------------------------------------
# Empty: the name in the programme workbook's sheet Partnership.
PARTNERSHIP_NAME = env.text("PARTNERSHIP_NAME", default="")
BRAND_COLOUR = env.colour("BRAND_COLOUR", default="#1d4f76")
# An image's path on this machine or below frontend/static, or its address, shown beside the name; empty for none.
BRAND_LOGO = env.image("BRAND_LOGO", static=BASE_DIR / "frontend" / "static")
# Where a worry about a child goes, and one about somebody who works with children. Empty: forms say who has them.
FRONT_DOOR_PHONE = env.text("FRONT_DOOR_PHONE", default="")
LADO_PHONE = env.text("LADO_PHONE", default="")
# How to reach the data protection officer: a name, an address. The privacy notice says so where it is empty.
DATA_PROTECTION_CONTACT = env.text("DATA_PROTECTION_CONTACT", default="")
# The partnership's own sentences for the privacy notice; empty for those in privacy.html.
PRIVACY_LEGAL_BASIS = env.text("PRIVACY_LEGAL_BASIS", default="")
PRIVACY_RETENTION = env.text("PRIVACY_RETENTION", default="")

# --- Applications ---------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_linear_migrations",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "outbox",
    "people",
    "training",
    "bookings",
    "evaluations",
    "invoicing",
    "programme",
    "reporting",
    "api",
    "frontend",
]

MIDDLEWARE = [
    "frontend.health.middleware.HealthMiddleware",
    "frontend.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "frontend.receiving.TooLargeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "frontend.middleware.PersonMiddleware",
    "frontend.middleware.AddressMiddleware",
    "frontend.sessions.SessionAgeMiddleware",
    "frontend.middleware.SignInMiddleware",
    "frontend.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "pages",
        "DIRS": [BASE_DIR / "frontend" / "templates"],
        "OPTIONS": {"environment": "frontend.jinja.environment", "context_processors": ["frontend.context.page"]},
    },
    {
        # Only for allauth's own pages: frontend/allauth_templates puts them inside the one Jinja2 layout.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "frontend" / "allauth_templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

# --- Database: PostgreSQL only --------------------------------------------------------------------------------------
DATABASES = {"default": env.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Sign-in --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["frontend.accounts.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "home"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "frontend.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
# The pages and the mail say 15 minutes; allauth's 3 are over before some mail gateways let a message through.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = (
    900
)
# Before what is sensitive (frontend.access.asks_again) a password or code is asked for if none was given for as long.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# One address an account, changed by a code sent to the new one.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_FORMS = {
    "login": "frontend.accounts.LoginForm",
    "signup": "frontend.accounts.SignupForm",
    "change_password": "frontend.accounts.ChangePasswordForm",
    "set_password": "frontend.accounts.SetPasswordForm",
    "add_email": "frontend.accounts.AddEmailForm",
    "request_login_code": "frontend.accounts.RequestLoginCodeForm",
    "reset_password": "frontend.accounts.ResetPasswordForm",
    "reset_password_from_key": "frontend.accounts.ResetPasswordKeyForm",
}
ACCOUNT_PREVENT_ENUMERATION = True
# Whoever's account is changed learns of it by mail.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Of people with a staff role (people.permissions.STAFF_ROLES); others may set one up.
SECOND_FACTOR_DEMANDED = env.flag("SECOND_FACTOR_DEMANDED", default=PRODUCTION)
MFA_ADAPTER = "frontend.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A code that was read off just before it changed is taken too; frontend.factors keeps each to one use.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "frontend.factors.AuthenticateForm",
    "reauthenticate": "frontend.factors.ReauthenticateForm",
    "activate_totp": "frontend.factors.ActivateForm",
    "add_webauthn": "frontend.factors.AddKeyForm",
    "edit_webauthn": "frontend.factors.EditKeyForm",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

# --- Mail -----------------------------------------------------------------------------------------------------------
vars().update(env.mail())
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="Turnout <training@localhost>", needed=PRODUCTION)

# What whoever has a place is reminded of (bookings/reminders.py), each of which may be left out.
REMINDERS = [
    reminder
    for reminder, is_sent in (
        ("reminder_two_weeks", env.flag("REMIND_TWO_WEEKS_BEFORE", default=True)),
        ("reminder_cut_off", env.flag("REMIND_BEFORE_CUT_OFF", default=True)),
        ("joining_instructions", env.flag("SEND_JOINING_INSTRUCTIONS", default=True)),
        ("reminder_two_days", env.flag("REMIND_TWO_DAYS_BEFORE", default=True)),
    )
    if is_sent
]

# After so many whole working days a register that was handed in closes by itself, if nothing differs; None: never.
REGISTERS_CLOSE_AFTER = env.number("REGISTERS_CLOSE_AFTER")
# From how much of a session, in percent, being in the online meeting counts as present (bookings/meetings.py).
MEETING_THRESHOLD = env.number("MEETING_THRESHOLD") or 80

# --- Work that waits ------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.broker("CELERY_BROKER_URL", default="filesystem://localhost")  # no host, and each start warns
if CELERY_BROKER_URL.startswith("filesystem://"):
    BROKER = VAR / "broker"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": BROKER / "messages",
        "data_folder_out": BROKER / "messages",
        "processed_folder": BROKER / "processed",
        "control_folder": BROKER / "control",
        "store_processed": False,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
# Threads, as the work waits for mail servers and the database: one process, and a slow mail server holds up no job.
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONCURRENCY = 4
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Nobody gives a worker orders by way of the broker.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat" / "schedule")
CELERY_TIMEZONE = "Europe/London"
CELERY_BEAT_SCHEDULE = {
    # A sweep that no worker has taken when the next comes is worth nothing.
    "send-messages": {"task": "outbox.tasks.send_messages", "schedule": 60, "options": {"expires": 60}},
    "run-jobs": {"task": "outbox.tasks.run_jobs", "schedule": 60, "options": {"expires": 60}},
    "note-heartbeat": {"task": "outbox.tasks.note_heartbeat", "schedule": 60, "options": {"expires": 60}},
}

# --- Language, time, files ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
CACHES = {
    # Limits on tries are counted here, so that more processes allow no more tries.
    "default": env.cache(),
    # Drawing a chart costs a second or more the first time in each process: all share what one has drawn.
    "charts": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR / "charts",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}
# Counted as they arrive, before any page looks at them; what is uploaded is this program's alone to read.
FILE_UPLOAD_HANDLERS = ["frontend.receiving.LimitedUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Logs: no personal data, see logs.py -----------------------------------------------------------------------------
LOG_LEVEL = env.level("LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING")
LOGGING = logs.settings(production=PRODUCTION, level=LOG_LEVEL)

# A list with more rows than this is made into a file by a job, and not while the person waits.
EXPORT_IN_BACKGROUND_OVER = 10_000

# --- The API -------------------------------------------------------------------------------------------------------
# REST framework and drf-spectacular are no applications here: we use none of their tables, templates and commands.
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.refusing.answer",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Turnout",
    "DESCRIPTION": "The training desk of a multi-agency safeguarding children partnership, for programs.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": False,
    "ENFORCE_NON_BLANK_FIELDS": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "EventState": "training.models.Event.State",
        "BookingState": "bookings.models.Booking.State",
        "ChargeState": "invoicing.models.Charge.State",
        "Attendance": "bookings.models.Mark.Attendance",
    },
    "OAS_VERSION": "3.1.0",
    "TAGS": [{"name": name} for name in ("You", "Events", "Bookings", "Registers", "Money", "Report")],
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "api.description.with_problems"],
}
API_REQUESTS_A_MINUTE = {"holder": 300, "address": 600}

# Of each address, whoever asks: a name on a certificate is not to be found by trying many.
CERTIFICATE_CHECKS_A_MINUTE = 30
# As many of a full room come from one address.
CHECK_INS_A_MINUTE = 120

# --- Security -------------------------------------------------------------------------------------------------------
# Else a sign-in by code would outlive the browser on a shared computer; "Keep me signed in" is asked for.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ENGINE = "frontend.session_store"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Else all who come through the proxy would share one limit on tries.
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "frontend.errors.form_expired"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
if PRODUCTION:
    # Browsers take such a cookie over TLS from this very host only: no neighbour under the same domain can set one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
# By frontend.sessions: without a click for so long, and since signing in, in seconds. Staff see what concerns others.
SESSION_IDLE_AGE, SESSION_IDLE_AGE_OF_STAFF = 12 * 3600, 3600
SESSION_COOKIE_AGE, SESSION_AGE_OF_STAFF = 14 * 86_400, 12 * 3600
# Nothing inline and nothing from elsewhere; a logo at another address is that address's.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **{kind: [NONE] for kind in ("default-src", "object-src", "base-uri", "frame-ancestors")},
        **{kind: [SELF] for kind in ("script-src", "style-src", "font-src", "connect-src", "form-action")},
        "img-src": [SELF, *env.origin_of(BRAND_LOGO)],
        "upgrade-insecure-requests": PRODUCTION,
    }
}
NO_PAGE_ASKS_FOR = (
    "accelerometer autoplay browsing-topics camera display-capture encrypted-media geolocation gyroscope magnetometer "
    "microphone midi payment usb"
)
PERMISSIONS_POLICY: dict[str, list[str]] = {feature: [] for feature in NO_PAGE_ASKS_FOR.split()}
SILENCED_SYSTEM_CHECKS: list[str] = []
