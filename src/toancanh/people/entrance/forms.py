"""The fields of signing in and of choosing one's own password."""

from __future__ import annotations

from collections.abc import Mapping

from toancanh.ui.language import t
from toancanh.ui.tables import FieldView


def sign_in_fields(username: str) -> tuple[FieldView, ...]:
    return (
        FieldView(name="username", label=t("Tên đăng nhập", "Account name"), value=username, required=True,
                  autocomplete="username"),
        FieldView(name="password", label=t("Mật khẩu", "Password"), kind="password", required=True,
                  autocomplete="current-password"),
    )  # fmt: skip


def own_password_fields(errors: Mapping[str, str]) -> tuple[FieldView, ...]:
    new_hint = t("Từ 12 ký tự. Một câu dài dễ nhớ là tốt nhất.", "12 characters or more. A long sentence you remember is best.")
    rows = (
        ("old", t("Mật khẩu hiện tại", "Present password"), "", "current-password"),
        ("new", t("Mật khẩu mới", "New password"), new_hint, "new-password"),
        ("again", t("Nhập lại mật khẩu mới", "New password again"), "", "new-password"),
    )
    return tuple(
        FieldView(name=name, label=label, kind="password", hint=hint, error=errors.get(name, ""), required=True,
                  autocomplete=fill)
        for name, label, hint, fill in rows
    )  # fmt: skip
