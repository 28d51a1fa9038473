"""Settings, all from the environment (see environment.py for how a wrong one is told)."""

from pathlib import Path

from config.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"

env = Environment(var=VAR)

# --- What kind of place this is -------------------------------------------------------------------------------------
# The demonstration runs over plain http on this machine; production expects TLS in front of it.
PRODUCTION = env.flag("PRODUCTION", default=False)
SITE_URL = env.url("SITE_URL", default="http://localhost:8000", needed=PRODUCTION)
SECRET_KEY = env.secret_key(needed=PRODUCTION)
DEBUG = env.flag("DEBUG", default=False)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"], needed=PRODUCTION)

# --- Who this is for ------------------------------------------------------------------------------------------------
# Empty: the name in the programme workbook's sheet Partnership.
PARTNERSHIP_NAME = env.text("PARTNERSHIP_NAME", default="")
BRAND_COLOUR = env.colour("BRAND_COLOUR", default="#1d4f76")
# A path or address of an image, shown beside the name; empty for none.
BRAND_LOGO = env.text("BRAND_LOGO", default="")
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
    "outbox",
    "people",
    "training",
    "bookings",
    "evaluations",
    "invoicing",
    "programme",
    "reporting",
    "frontend",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "frontend.middleware.PersonMiddleware",
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
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

# --- Mail -----------------------------------------------------------------------------------------------------------
vars().update(env.mail())
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="Turnout <training@localhost>", needed=PRODUCTION)

# --- Work that waits ------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", default="filesystem://localhost")  # no host, and each start warns
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
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Drawing a chart costs a second or more the first time in each process: all share what one has drawn.
    "charts": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR / "charts",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Security -------------------------------------------------------------------------------------------------------
# Else a sign-in by code would outlive the browser on a shared computer; "Keep me signed in" is asked for.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", default=False) else None
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "frontend.errors.form_expired"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []
