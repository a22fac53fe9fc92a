"""Django settings, all from the environment; the defaults run a whole centre in one folder on one machine.

TOANCANH_DATA     folder of everything that is kept (default ./var)
DATABASE_URL      postgresql://user:password@host:port/name; without it SQLite in the data folder
TOANCANH_STORE    address of the rows' store: chdb:///folder (this process alone) or http://host:port (an owner or a server)
TOANCANH_ROOT     unit key of the place this centre serves, e.g. vn34:19 (default: the sample province)
TOANCANH_LIVE_PORT port of the event stream when no proxy joins it to the pages
TOANCANH_HTTPS    1 when people reach the pages by https
TOANCANH_PROXIES  networks of the proxies in front, e.g. 10.0.0.0/8, whose word on the caller's address is taken
TOANCANH_HOSTS    host names the pages answer to, separated by commas
"""

from __future__ import annotations

import gc
import os
from pathlib import Path

from toancanh.site.databases import database_from_url
from toancanh.site.secrets_file import read_or_make

# Every process comes by here first. A start makes half a million lasting objects, a bulk delivery ten thousand short-lived ones:
# to look for cycles after every 700 of them takes a fifth of the start and a third of the door's time.
gc.set_threshold(20_000, 20, 20)

DATA = Path(os.environ.get("TOANCANH_DATA", "var")).resolve()
DATA.mkdir(parents=True, exist_ok=True)

DEBUG = False
SECRET_KEY = read_or_make(DATA / "secret.key")
ALLOWED_HOSTS = os.environ.get("TOANCANH_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
HTTPS = os.environ.get("TOANCANH_HTTPS") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "toancanh.audit",
    "toancanh.ui",
    "toancanh.units",
    "toancanh.people",
    "toancanh.notify",
    "toancanh.intake",
    "toancanh.indicators",
    "toancanh.watch",
    "toancanh.response",
    "toancanh.live",
    "toancanh.boards",
    "toancanh.api",
    "toancanh.site",
]
MIDDLEWARE = [
    "toancanh.site.security.SecurityHeaders",
    "toancanh.ui.assets.static_files.StaticFiles",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "toancanh.people.middleware.CurrentActor",
    "toancanh.ui.middleware.Language",
    "toancanh.site.problems.ProblemPages",
]
ROOT_URLCONF = "toancanh.site.urls"
WSGI_APPLICATION = "toancanh.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [path for path in Path(__file__).parent.parent.glob("*/templates")],
        "OPTIONS": {"environment": "toancanh.ui.environment.build", "context_processors": ["toancanh.site.context.page"]},
    }
]

DATABASES = {"default": database_from_url(os.environ.get("DATABASE_URL", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STORE_URL = os.environ.get("TOANCANH_STORE", f"chdb://{DATA / 'store'}")
ROOT_UNIT = os.environ.get("TOANCANH_ROOT", "sample:MS")
LIVE_PORT = os.environ.get("TOANCANH_LIVE_PORT", "")
JOBS_IMMEDIATE = os.environ.get("TOANCANH_JOBS") == "immediate"
LARGEST_DELIVERY = 64 * 1024 * 1024

AUTH_USER_MODEL = "people.User"
LOGIN_URL = "/sign-in"
PASSWORD_HASHERS = ["toancanh.people.entrance.hashing.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "toancanh.people.views.stale_form"
TRUSTED_PROXIES = [each for each in os.environ.get("TOANCANH_PROXIES", "").split(",") if each]
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "vi"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # of a form's fields; deliveries and files have their own limit
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "toancanh.site.json_log.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("TOANCANH_LOG", "WARNING")},
}
