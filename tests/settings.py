"""The centre's settings for tests: a fresh data folder for each run, jobs at once, the sample province's root."""

import os
import tempfile

os.environ["TOANCANH_DATA"] = tempfile.mkdtemp(prefix="toancanh-test-")
os.environ.setdefault("TOANCANH_JOBS", "immediate")
os.environ.setdefault("TOANCANH_ROOT", "sample:MS")

from toancanh.site.settings import *  # noqa: F403  (the environment comes first)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; tests of the real cost set the centre's own
