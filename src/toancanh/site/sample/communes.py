"""The thirty-nine communes and wards of the sample province: where they lie, how large they are, and how their desks do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune or ward since 01/07/2025.

    `point` is the label point on a plane of 1,000 by 1,000 units of about 100 m, y downwards; `district` is the old district
    it came from; `on_time` (per cent) and `overdue` (dossiers) are what its one-stop desk settles at.
    """

    code: str
    kind: str
    name: str
    point: tuple[int, int]
    district: str
    population: int
    area_km2: float
    on_time: float
    overdue: int

    @property
    def key(self) -> str:
        return f"sample:{self.code}"

    @property
    def agency(self) -> str:
        return f"agency:{self.code}"


COMMUNES = (
    Commune("MS01", "Phường", "Đông Sơn", (451, 479), "A1", 26200, 15.8, 93.4, 3),
    Commune("MS02", "Phường", "Minh Khai", (489, 472), "A1", 28100, 29.1, 97.1, 7),
    Commune("MS03", "Phường", "Trần Phú", (402, 481), "A1", 19200, 54.3, 98.5, 2),
    Commune("MS04", "Phường", "Hòa Bình", (433, 522), "A1", 39000, 28.6, 95.0, 6),
    Commune("MS05", "Phường", "Nguyễn Huệ", (465, 426), "A1", 20400, 38.0, 93.1, 22),
    Commune("MS06", "Phường", "Lê Lợi", (495, 508), "A1", 32900, 23.8, 96.0, 2),
    Commune("MS07", "Phường", "Quang Trung", (474, 568), "A1", 41200, 54.9, 97.3, 6),
    Commune("MS08", "Phường", "Tân Thành", (546, 436), "A1", 23400, 105.3, 98.7, 2),
    Commune("MS09", "Phường", "Bắc Hà", (535, 547), "A1", 20200, 83.6, 93.4, 5),
    Commune("MS10", "Phường", "Nam Giang", (416, 394), "A1", 28700, 81.5, 93.2, 18),
    Commune("MS11", "Phường", "Phú Xuân", (391, 560), "A1", 24100, 87.3, 97.8, 2),
    Commune("MS12", "Xã", "Tân Lập", (346, 447), "A1", 14500, 94.0, 97.3, 5),
    Commune("MS13", "Xã", "Yên Thịnh", (511, 359), "B1", 8200, 101.8, 99.7, 6),
    Commune("MS14", "Xã", "Yên Định", (446, 644), "A2", 9000, 118.5, 98.5, 3),
    Commune("MS15", "Xã", "Thạch Bình", (616, 511), "B1", 15500, 88.9, 87.9, 41),
    Commune("MS16", "Xã", "Cẩm Giàng", (347, 648), "A2", 14900, 180.5, 95.6, 2),
    Commune("MS17", "Xã", "Nà Phặc", (599, 594), "B1", 14800, 102.6, 99.9, 6),
    Commune("MS18", "Xã", "Bình Trung", (394, 308), "A2", 12500, 104.0, 95.5, 2),
    Commune("MS19", "Xã", "Đồng Lạc", (326, 352), "A2", 10300, 82.5, 94.4, 2),
    Commune("MS20", "Xã", "Quảng Khê", (273, 421), "A2", 14600, 100.1, 93.6, 3),
    Commune("MS21", "Xã", "Thượng Giáp", (651, 444), "B1", 11200, 117.0, 96.4, 5),
    Commune("MS22", "Xã", "Vĩnh Thông", (549, 667), "B1", 9300, 131.1, 96.5, 6),
    Commune("MS23", "Xã", "Ba Bể Hạ", (541, 284), "B1", 9000, 109.0, 95.4, 6),
    Commune("MS24", "Xã", "Xuân Dương", (629, 348), "B1", 11400, 137.0, 95.2, 6),
    Commune("MS25", "Xã", "Phúc Lộc", (445, 259), "A2", 17900, 114.8, 96.8, 7),
    Commune("MS26", "Xã", "Hiệp Lực", (682, 598), "B1", 9800, 88.8, 97.8, 2),
    Commune("MS27", "Xã", "Trần Hưng", (297, 271), "A2", 14900, 131.1, 98.7, 6),
    Commune("MS28", "Xã", "Kim Hỷ", (726, 532), "B1", 15600, 107.0, 99.6, 3),
    Commune("MS29", "Xã", "Văn Lang", (524, 736), "B1", 12200, 218.0, 92.1, 29),
    Commune("MS30", "Xã", "Cường Lợi", (731, 424), "B1", 14500, 106.9, 97.8, 7),
    Commune("MS31", "Xã", "Yên Phong", (634, 238), "B1", 8300, 233.3, 89.7, 37),
    Commune("MS32", "Xã", "Nghĩa Tá", (204, 300), "A2", 8200, 97.6, 95.8, 6),
    Commune("MS33", "Xã", "Chợ Rã", (752, 337), "B1", 10100, 101.3, 92.8, 24),
    Commune("MS34", "Xã", "Bằng Vân", (799, 487), "B1", 16200, 86.5, 95.2, 6),
    Commune("MS35", "Xã", "Ngân Sơn", (350, 182), "A2", 12900, 510.6, 94.4, 4),
    Commune("MS36", "Xã", "Thượng Quan", (819, 392), "B1", 13400, 89.7, 96.7, 6),
    Commune("MS37", "Xã", "Đức Vân", (733, 652), "B1", 13300, 319.1, 99.9, 4),
    Commune("MS38", "Xã", "Côn Minh", (192, 410), "A2", 11300, 437.3, 96.1, 3),
    Commune("MS39", "Xã", "Thượng Minh", (790, 281), "B1", 17600, 151.3, 98.1, 3),
)
SILENT = ("MS24", "MS34")  # their one-stop desks have sent nothing this month
