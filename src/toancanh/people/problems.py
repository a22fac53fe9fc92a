"""Why an act on an account is refused, and what to do instead."""

from __future__ import annotations

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

_ACCOUNT = Text("Không lưu được tài khoản", "The account was not saved")
_PASSWORD = Text("Không đổi được mật khẩu", "The password was not changed")
_GRANT = Text("Không cấp được quyền", "The permission was not granted")


def taken(name: str) -> Problem:
    return Problem(
        "username-taken", 409, _ACCOUNT,
        Text(f"Tên đăng nhập {name} đã có người dùng. Chọn tên khác.", f"The account name {name} is taken. Choose another."),
    )  # fmt: skip


def reasonless() -> Problem:
    return Problem(
        "reason-missing", 422, Text("Chưa có lý do", "No reason given"),
        Text("Nhập lý do tải nhật ký về, ví dụ số văn bản yêu cầu.",
             "Enter why the record is taken away, such as the number of the request."),
    )  # fmt: skip


def nameless() -> Problem:
    return Problem("name-missing", 422, _ACCOUNT, Text("Nhập họ và tên của người dùng.", "Enter the person's full name."))


def unknown_role(role: str) -> Problem:
    return Problem("unknown-role", 422, _ACCOUNT, Text(f"Không có vai trò “{role}”. Chọn trong danh sách.",
                                                      f"There is no role “{role}”. Choose one of the list."))  # fmt: skip


def oneself() -> Problem:
    return Problem(
        "not-oneself", 403, _ACCOUNT,
        Text("Không ai được tự đổi vai trò, quyền hay trạng thái của mình. Nhờ một quản trị hệ thống khác.",
             "Nobody may change their own role, permissions or state. Ask another administrator."),
    )  # fmt: skip


def last_administrator() -> Problem:
    return Problem(
        "last-administrator", 409, _ACCOUNT,
        Text("Đây là quản trị hệ thống cuối cùng. Giao vai trò này cho người khác trước.",
             "This is the last administrator. Give the role to somebody else first."),
    )  # fmt: skip


def unknown_actions() -> Problem:
    return Problem(
        "unknown-actions", 422, _GRANT,
        Text("Chọn ít nhất một quyền trong danh sách. Quyền quản trị và xem nhật ký chỉ đi theo vai trò.",
             "Choose at least one permission of the list. Administration and audit come with a role only."),
    )  # fmt: skip


def duties_apart(role: Text) -> Problem:
    return Problem(
        "duties-apart", 422, _GRANT,
        Text(f"Vai trò “{role.vi}” không được nhận quyền này, vì hai nhiệm vụ phải tách riêng.",
             f"The role “{role.en}” may not hold this permission: the two duties must stay apart."),
    )  # fmt: skip


def unknown_scope(what: Text) -> Problem:
    return Problem(
        "unknown-scope", 422, _GRANT,
        Text(f"Không tìm thấy {what.vi}. Chọn trong danh sách gợi ý.", f"No such {what.en}. Choose one of the suggestions."),
    )  # fmt: skip


def wrong_password() -> Problem:
    return Problem("wrong-password", 422, _PASSWORD, Text("Mật khẩu hiện tại chưa đúng. Nhập lại.",
                                                         "The present password is wrong. Enter it again."))  # fmt: skip


def same_password() -> Problem:
    return Problem("same-password", 422, _PASSWORD, Text("Mật khẩu mới phải khác mật khẩu hiện tại.",
                                                        "The new password must differ from the present one."))  # fmt: skip


def nameless_wall() -> Problem:
    return Problem(
        "name-missing", 422, Text("Không tạo được màn hình tường", "The wall was not made"),
        Text("Đặt tên cho màn hình, ví dụ “Phòng trực tầng 2”.", "Name the wall, for example “Duty room, floor 2”."),
    )  # fmt: skip
