"""Property tests are the same on every run: no random seed, no remembered failures, no deadline on a busy machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("house", derandomize=True, database=None, deadline=None, max_examples=60)
settings.load_profile("house")
