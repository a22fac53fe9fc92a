"""The administrators' forms: what a posted form means, and the fields to print with their errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from toancanh.kernel.contracts import Level
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.entrance.credentials import plain
from toancanh.people.models import User
from toancanh.people.problems import unknown_scope
from toancanh.people.roles import ACTION_TITLES, GRANTABLE, STANDINGS
from toancanh.people.services import Profile, Scope
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.tables import Choice, FieldView
from toancanh.units import queries as units
from toancanh.units.models import Unit

Posted = Mapping[str, str]
FIELD_OF_PROBLEM = {
    "bad-username": "username", "username-taken": "username", "bad-password": "password", "name-missing": "full_name",
    "unknown-role": "role",
}  # fmt: skip


def text(posted: Posted, name: str) -> str:
    """What was typed into a one-line field."""
    return plain(posted.get(name, ""))


def profile_from(posted: Posted) -> Profile:
    """The profile that a form describes. Raises `Problem` for an agency that does not exist."""
    return Profile(
        full_name=text(posted, "full_name"),
        post=text(posted, "post"),
        agency=_unit(text(posted, "agency"), Text("cơ quan", "agency")),
        language="en" if posted.get("language") == "en" else "vi",
    )


def scope_from(posted: Posted) -> Scope:
    """The box that a grant form describes. Raises `Problem` for a field or unit that does not exist."""
    field = text(posted, "scope-field")
    if field and registry.pack(field) is None:
        raise unknown_scope(Text("lĩnh vực này", "field"))
    agency = _unit(text(posted, "scope-agency"), Text("cơ quan này", "agency"))
    return Scope(field=field, agency=agency, area=_unit(text(posted, "scope-area"), Text("địa bàn này", "area")))


def actions_from(posted: Posted) -> list[str]:
    """The ticked actions."""
    return [each.value for each in GRANTABLE if posted.get(f"action-{each.value}")]


def new_account_fields(posted: Posted, errors: Mapping[str, str]) -> tuple[FieldView, ...]:
    """All fields of a new account."""
    name_hint = t("Chữ không dấu, ví dụ nguyen.van.an", "Plain letters, for example nguyen.van.an")
    return (
        FieldView(name="username", label=t("Tên đăng nhập", "Account name"), value=posted.get("username", ""), required=True,
                  hint=name_hint, error=errors.get("username", ""), autocomplete="off"),
        *profile_fields(posted, errors),
        role_field(posted.get("role", ""), errors.get("role", ""), empty=t("Chọn vai trò", "Choose a role")),
        password_field(errors.get("password", "")),
    )  # fmt: skip


def profile_fields(posted: Posted, errors: Mapping[str, str]) -> tuple[FieldView, ...]:
    """Name, post, agency, language."""
    languages = (("vi", "Tiếng Việt"), ("en", "English"))
    return (
        FieldView(name="full_name", label=t("Họ và tên", "Full name"), value=posted.get("full_name", ""), required=True,
                  error=errors.get("full_name", ""), autocomplete="off"),
        FieldView(name="post", label=t("Chức vụ", "Post"), value=posted.get("post", ""), autocomplete="off"),
        _select("agency", t("Cơ quan", "Agency"), _agency_choices(), posted.get("agency", "")),
        _select("language", t("Ngôn ngữ", "Language"), languages, posted.get("language", "vi"), required=True),
    )  # fmt: skip


def profile_of(user: User) -> dict[str, str]:
    """An account's profile as its form posts it."""
    agency = user.agency.key if user.agency else ""
    return {"full_name": user.full_name, "post": user.post, "agency": agency, "language": user.language}


def role_field(role: str, error: str = "", empty: str = "") -> FieldView:
    titles = [(each.value, tx(standing.title)) for each, standing in STANDINGS.items()]
    return _select("role", t("Vai trò", "Role"), titles, role, required=True, error=error, empty=empty)


def password_field(error: str = "") -> FieldView:
    hint = t("Từ 12 ký tự; người dùng phải đổi khi đăng nhập lần đầu.", "12 characters or more; changed at the first sign-in.")
    return FieldView(name="password", label=t("Mật khẩu tạm", "Temporary password"), kind="password", required=True, hint=hint,
                     error=error, autocomplete="new-password")  # fmt: skip


def grant_fields(user: User) -> tuple[FieldView, ...]:
    """Actions as ticks, then field, agency, area; an empty choice means all."""
    never = STANDINGS[user.role].never  # type: ignore[index]
    ticks = [
        FieldView(name=f"action-{each.value}", label=tx(ACTION_TITLES[each]), kind="checkbox")
        for each in GRANTABLE
        if each not in never
    ]
    every = t("Tất cả", "All")
    packs = [(pack.code, tx(pack.title)) for pack in registry.packs()]
    return (
        *ticks,
        _select("scope-field", t("Lĩnh vực", "Field"), packs, "", empty=every),
        _select("scope-agency", t("Cơ quan", "Agency"), _agency_choices(), "", empty=every),
        _select("scope-area", t("Địa bàn", "Area"), _area_choices(), "", empty=every),
    )


def _select(
    name: str, label: str, options: Iterable[tuple[str, str]], chosen: str,
    *, required: bool = False, error: str = "", empty: str = "",
) -> FieldView:
    first = [] if required and not empty else [Choice(value="", label=empty or formats.MISSING, chosen=not chosen)]
    choices = [Choice(value=value, label=words, chosen=value == chosen) for value, words in options]
    return FieldView(name=name, label=label, kind="select", required=required, error=error, choices=(*first, *choices))


def _agency_choices() -> list[tuple[str, str]]:
    return [(each.key, tx(each.title)) for each in units.agencies()]


def _area_choices() -> list[tuple[str, str]]:
    root = units.root()
    areas = [root, *units.descendants(root, Level.CUSTOM), *units.descendants(root, Level.COMMUNE)]
    return [(each.key, tx(each.title)) for each in areas]


def _unit(key: str, what: Text) -> Unit | None:
    if not key:
        return None
    unit = units.find(key)
    if unit is None:
        raise unknown_scope(what)
    return unit
