"""Argon2id at a cost that a small machine bears: 46 MiB and one lane a password, so that a morning's sign-ins fit in memory.

Django's default takes 100 MiB and eight lanes; the OWASP password storage cheat sheet (2024) asks for 46 MiB and one pass at the
least; here it is two. Older hashes are renewed at the next sign-in.
"""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 47_104  # KiB
    parallelism = 1
