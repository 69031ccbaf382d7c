"""config.settings for tests: nothing collected, nothing slow, nothing left behind."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "VAR_DIR" not in os.environ:
    # The processes of a parallel run inherit the variable; the first one tidies up.
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="majlis-tests-")
    atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)
# A developer's shell decides none of these.
for _name in ("ALLOWED_HOSTS", "DEBUG", "EMAIL_URL", "LOG_FORMAT", "LOG_LEVEL"):
    os.environ.pop(_name, None)
os.environ["SECRET_KEY"] = "a-key-for-tests-" + "0123456789" * 5
os.environ["SITE_URL"] = "http://testserver"
# Playwright's event loop runs in the test's thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

from config.settings import *  # noqa: F403
from config.settings import DATABASES, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True

_database = DATABASES["default"]
if _database["ENGINE"] == "config.sqlite":
    # A file, because threads cannot share a database in memory as processes share a file.
    _database["TEST"] = {"NAME": str(Path(os.environ["VAR_DIR"]) / "test.sqlite3")}
    _database["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    )
else:
    # A pool keeps connections open, and a database in use cannot be dropped.
    _database["OPTIONS"].pop("pool", None)
