"""What the audit record calls the acts on walls."""

from __future__ import annotations

from toancanh.kernel.text import Text

ROOM = Text("Tường màn hình", "Walls")
SUBJECTS: dict[str, Text] = {}
ACTS = {
    "wall.push_scene": Text("Đưa cảnh lên tường", "Pushed a scene to a wall"),
    "wall.go_on": Text("Cho tường chuyển cảnh tiếp", "Let a wall go on"),
    "wall.hold": Text("Giữ cảnh trên tường", "Held a wall's scene"),
    "wall.visitor_mode": Text("Bật, tắt chế độ có khách", "Switched visitor mode"),
    "wall.set_pace": Text("Đổi nhịp chuyển cảnh", "Changed a wall's pace"),
    "wall.choose_scenes": Text("Chọn cảnh cho tường", "Chose a wall's scenes"),
    "wall.make_wall": Text("Tạo tường màn hình", "Made a wall"),
    "wall.take_over": Text("Sự việc khẩn cấp chiếm tường", "An urgent incident took a wall"),
    "wall.let_go": Text("Trả tường về cảnh thường", "Gave a wall back"),
}
