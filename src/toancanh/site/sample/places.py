"""The units of the sample province: two old provinces, three old districts and their communes, merged on 01/07/2025."""

from __future__ import annotations

from datetime import date

from toancanh.kernel.contracts import Level
from toancanh.site.sample.communes import COMMUNES, Commune
from toancanh.site.sample.shapes import ChangeDefinition, UnitDefinition

PROVINCE = "sample:MS"
MERGER = date(2025, 7, 1)
BEFORE = date(2025, 6, 30)
FOUNDED = date(1997, 1, 1)
WEST, NORTH = 105.30, 22.62  # the plane's corner; the province is fictional and lies where the map has room
DEGREE_X, DEGREE_Y = 0.00097, 0.0009  # of one unit of the plane

OLD_PROVINCES = {"A": ("Minh Hà", "Minh Ha"), "B": ("Sơn Bình", "Son Binh")}
OLD_DISTRICTS = {
    "A1": ("Thành phố", "Đông Sơn", "Dong Son City"),
    "A2": ("Huyện", "Ba Khê", "Ba Khe District"),
    "B1": ("Huyện", "Thượng Sơn", "Thuong Son District"),
}
# What the smaller parts of each commune were called; a part of the commune's own name always stays its heart.
_PARTS = (
    "An Phú", "Bản Mạch", "Cao Thắng", "Cốc Đán", "Dương Quang", "Đại Sảo", "Địa Linh", "Giáo Hiệu", "Hà Hiệu", "Hòa Mục",
    "Khang Ninh", "Lam Sơn", "Lạng San", "Lục Bình", "Mai Lạp", "Mỹ Phương", "Nam Cường", "Nông Hạ", "Nông Thịnh", "Ân Tình",
    "Phương Viên", "Quang Phong", "Quân Bình", "Sĩ Bình", "Tân Sơn", "Tân Tú", "Thanh Mai", "Thuần Mang", "Thượng Ân",
    "Trung Hòa", "Tú Trĩ", "Vân Tùng", "Vi Hương", "Vũ Muộn", "Xuân Lạc", "Yên Cư", "Yên Hân", "Yên Mỹ", "Yên Nhuận",
    "Bình Văn", "Cẩm Lạc", "Đôn Phong",
    "Đồng Phúc", "Liêm Thủy", "Lương Bằng", "Nhạn Môn", "Rã Bản", "Thanh Vận", "Bằng Phúc", "Cổ Linh",
)  # fmt: skip
# The province's outline on the same plane: cells drawn from label points are cut to it.
OUTLINE = (
    (836, 430), (856, 404), (861, 377), (873, 347), (881, 315), (872, 286), (833, 270), (796, 258), (777, 238), (748, 225),
    (725, 210), (697, 200), (674, 186), (639, 191), (617, 175), (593, 161), (566, 152), (537, 159), (510, 145), (480, 127),
    (446, 113), (408, 95), (370, 90), (336, 102), (314, 130), (277, 136), (246, 151), (214, 166), (190, 189), (151, 202),
    (128, 227), (99, 251), (72, 277), (63, 310), (85, 348), (110, 382), (116, 411), (137, 439), (149, 464), (171, 486),
    (191, 507), (235, 517), (249, 534), (262, 552), (274, 569), (296, 580), (299, 605), (301, 636), (310, 666), (316, 706),
    (336, 734), (367, 746), (404, 738), (434, 756), (466, 763), (500, 772), (535, 771), (572, 782), (606, 773), (643, 770),
    (682, 769), (716, 755), (736, 723), (753, 692), (783, 677), (801, 651), (827, 632), (841, 605), (851, 576), (830, 539),
    (834, 513), (839, 488), (842, 463), (836, 438),
)  # fmt: skip
RIVERS = (
    ((225, 160), (268, 230), (286, 302), (331, 363), (398, 416), (437, 475), (455, 538), (502, 580), (573, 604), (703, 761)),
    ((778, 239), (724, 285), (673, 341), (628, 394), (588, 439), (547, 484), (496, 534), (470, 560)),
)
ROADS = (
    ((183, 502), (252, 503), (324, 518), (384, 514), (430, 489), (485, 482), (549, 499), (623, 490), (708, 447), (837, 428)),
    ((460, 480), (441, 413), (430, 330), (462, 266), (500, 200), (511, 146)),
    ((460, 480), (448, 551), (430, 640), (404, 715), (395, 739)),
)


def position(point: tuple[float, float]) -> tuple[float, float]:
    """Latitude and longitude, in degrees, of a point of the plane."""
    x, y = point
    return round(NORTH - y * DEGREE_Y, 5), round(WEST + x * DEGREE_X, 5)


def outline() -> list[tuple[float, float]]:
    """The province's outline as (longitude, latitude), closed."""
    ring = [position(point)[::-1] for point in OUTLINE]
    return [*ring, ring[0]]


def lines() -> dict[str, list[list[tuple[float, float]]]]:
    """Rivers and main roads as lists of (longitude, latitude)."""
    return {
        "river": [[position(point)[::-1] for point in line] for line in RIVERS],
        "road": [[position(point)[::-1] for point in line] for line in ROADS],
    }


def units() -> list[UnitDefinition]:
    """Every area, parents before children: the province and its communes, then what they were before the merger."""
    population, area = sum(each.population for each in COMMUNES), round(sum(each.area_km2 for each in COMMUNES), 1)
    lat, lon = position((470, 440))
    province = UnitDefinition(
        "sample", "MS", Level.PROVINCE, "Tỉnh", "Minh Sơn", "Tỉnh Minh Sơn", "Minh Son Province",
        lat=lat, lon=lon, population=population, area_km2=area,
    )  # fmt: skip
    return [province, *(_commune(each) for each in COMMUNES), *_old_units()]


def changes() -> list[ChangeDefinition]:
    """How the old units became the new ones on 01/07/2025; districts have no successor of their level."""
    found = [ChangeDefinition(f"sample-old:{code}", PROVINCE, MERGER, "merge") for code in OLD_PROVINCES]
    for commune, parts in _parts():
        found.extend(ChangeDefinition(part.key, commune.key, MERGER, "merge") for part in parts)
    return found


def old_districts() -> list[UnitDefinition]:
    """Each old district as a custom area of today."""
    return [
        UnitDefinition("custom", f"MS-{code}", Level.CUSTOM, kind, name, f"{kind} {name} (cũ)", f"{english} (former)", PROVINCE)
        for code, (kind, name, english) in OLD_DISTRICTS.items()
    ]


def custom_members() -> list[tuple[str, str]]:
    """(custom area key, commune key) of each old district."""
    return [(f"custom:MS-{each.district}", each.key) for each in COMMUNES]


def _commune(each: Commune) -> UnitDefinition:
    lat, lon = position(each.point)
    english = f"{_plain(each.name)} {'Ward' if each.kind == 'Phường' else 'Commune'}"
    return UnitDefinition(
        "sample", each.code, Level.COMMUNE, each.kind, each.name, f"{each.kind} {each.name}", english, PROVINCE,
        lat=lat, lon=lon, population=each.population, area_km2=each.area_km2,
    )  # fmt: skip


def _old_units() -> list[UnitDefinition]:
    found = [
        UnitDefinition(
            "sample-old", code, Level.PROVINCE, "Tỉnh", name, f"Tỉnh {name}", f"{english} Province", None, FOUNDED, BEFORE
        )
        for code, (name, english) in OLD_PROVINCES.items()
    ]
    found.extend(
        UnitDefinition(
            "sample-old", code, Level.DISTRICT, kind, name, f"{kind} {name}", english, f"sample-old:{code[0]}", FOUNDED, BEFORE
        )
        for code, (kind, name, english) in OLD_DISTRICTS.items()
    )
    for _, parts in _parts():
        found.extend(parts)
    return found


def _parts() -> list[tuple[Commune, list[UnitDefinition]]]:
    """The old communes that each commune was made from: its heart, and one or two smaller ones."""
    names = iter(_PARTS)
    found = []
    for number, commune in enumerate(COMMUNES):
        wanted = [(commune.kind, commune.name), *(("Xã", next(names)) for _ in range(1 + (number % 4 == 0)))]
        found.append((commune, [_part(commune, index, kind, name) for index, (kind, name) in enumerate(wanted)]))
    return found


def _part(commune: Commune, index: int, kind: str, name: str) -> UnitDefinition:
    lat, lon = position((commune.point[0] + 9 * index, commune.point[1] - 7 * index))
    english = f"{_plain(name)} {'Ward' if kind == 'Phường' else 'Commune'}"
    return UnitDefinition(
        "sample-old", f"{commune.code}{'abc'[index]}", Level.COMMUNE, kind, name, f"{kind} {name}", english,
        f"sample-old:{commune.district}", FOUNDED, BEFORE, lat, lon,
    )  # fmt: skip


def _plain(name: str) -> str:
    """A Vietnamese name in plain letters, as English texts write it."""
    from unicodedata import combining, normalize

    letters = normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    return "".join(each for each in letters if not combining(each))
