"""What the audit record calls the acts of people on accounts, rights, walls and the record itself."""

from __future__ import annotations

from toancanh.kernel.text import Text
from toancanh.people.roles import ACTION_TITLES, STANDINGS

ROOM = Text("Người dùng, quyền, nhật ký", "People, rights, record")
SUBJECTS = {
    "user": Text("Tài khoản", "Account"),
    "audit": Text("Nhật ký", "Audit record"),
    "wall": Text("Màn hình tường", "Wall"),
}
ACTS = {
    "people.sign_in": Text("Đăng nhập", "Signed in"),
    "people.sign_in_failed": Text("Đăng nhập sai", "Failed to sign in"),
    "people.sign_in_blocked": Text("Chặn đăng nhập", "Sign-in blocked"),
    "people.sign_out": Text("Đăng xuất", "Signed out"),
    "people.create_user": Text("Tạo tài khoản", "Made an account"),
    "people.change_profile": Text("Sửa thông tin người dùng", "Changed a profile"),
    "people.change_role": Text("Đổi vai trò", "Changed a role"),
    "people.set_password": Text("Đặt lại mật khẩu", "Reset a password"),
    "people.change_own_password": Text("Đổi mật khẩu của mình", "Changed own password"),
    "people.close_account": Text("Khóa tài khoản", "Closed an account"),
    "people.open_account": Text("Mở lại tài khoản", "Opened an account again"),
    "people.add_grant": Text("Cấp quyền", "Granted a permission"),
    "people.remove_grant": Text("Thu hồi quyền", "Took a permission back"),
    "people.start_preview": Text("Bắt đầu xem như người khác", "Began viewing as another person"),
    "people.stop_preview": Text("Thôi xem như người khác", "Stopped viewing as another person"),
    "people.add_wall": Text("Tạo màn hình tường", "Made a wall"),
    "people.revoke_wall": Text("Thu hồi màn hình tường", "Revoked a wall"),
    "people.read_audit": Text("Xem nhật ký", "Read the audit record"),
    "people.export_audit": Text("Tải nhật ký về", "Downloaded the audit record"),
    "people.take_anchor": Text("Lấy mốc nhật ký", "Downloaded the anchor"),
    "people.set_preferences": Text("Đổi tùy chọn của mình", "Changed own preferences"),
}
# What values of an entry's details mean.
DETAILS = {
    "role": {role.value: standing.title for role, standing in STANDINGS.items()},
    "actions": {action.value: title for action, title in ACTION_TITLES.items()},
}
