"""What a good account name and a good password are, in words that say what to do."""

from __future__ import annotations

import re
import unicodedata

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

LONGEST_PASSWORD = 256  # hashing is slow on purpose; a longer text would only be a way to keep the machine busy
SHORTEST_PASSWORD = 12
_RESERVED = frozenset({"system", "public"})  # what the centre itself and the public are called in the record
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


def plain(text: str) -> str:
    """`text` as a person types it on one line: NFC, no control characters, no spaces around."""
    return "".join(each for each in unicodedata.normalize("NFC", text) if unicodedata.category(each) not in ("Cc", "Cs")).strip()


def normal_username(text: str) -> str:
    """The form in which account names are kept and compared: NFKC, lower case, no spaces around."""
    return unicodedata.normalize("NFKC", plain(text)).strip().lower()


def check_username(text: str) -> str:
    """The normal form of a new account name. Raises `Problem`."""
    name = normal_username(text)
    if name in _RESERVED:
        raise Problem(
            "bad-username", 422, Text("Tên đăng nhập chưa đúng", "Unusable account name"),
            Text(f"“{name}” dành riêng cho hệ thống. Chọn tên khác.", f"“{name}” is kept for the system. Choose another."),
        )  # fmt: skip
    if not _USERNAME.fullmatch(name):
        raise Problem(
            "bad-username",
            422,
            Text("Tên đăng nhập chưa đúng", "Unusable account name"),
            Text(
                "Dùng 2 đến 64 chữ không dấu, chữ số, dấu chấm, gạch ngang hoặc @, ví dụ nguyen.van.an.",
                "Use 2 to 64 plain letters, digits, dots, dashes or @, for example nguyen.van.an.",
            ),
        )
    return name


def check_new_password(password: str, username: str) -> None:
    """Raises `Problem` unless `password` is long enough, not among the common ones and not built on the account name."""
    if len(password) < SHORTEST_PASSWORD or len(password) > LONGEST_PASSWORD:
        raise _bad_password(
            f"Đặt mật khẩu từ {SHORTEST_PASSWORD} đến {LONGEST_PASSWORD} ký tự.",
            f"Choose a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.",
        )
    if username.lower() in password.lower():
        raise _bad_password("Đừng dùng tên đăng nhập trong mật khẩu.", "Do not use the account name in the password.")
    try:
        validate_password(password)
    except ValidationError as weak:
        raise _bad_password(
            "Mật khẩu này quá phổ biến, dễ bị đoán. Chọn một câu dài mà chỉ bạn nhớ.",
            "This password is too common and easily guessed. Choose a long sentence that only you remember.",
        ) from weak


def _bad_password(vi: str, en: str) -> Problem:
    return Problem("bad-password", 422, Text("Mật khẩu chưa đạt", "Unsuitable password"), Text(vi, en))
