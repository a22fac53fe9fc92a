"""The administrative procedures that the sample desks handle: code, service field, time limit, fee, online level, how often."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Procedure:
    """`days` are working days (0: within the day); `fee` in đồng; `full`: fully online; `weight`: share at its desk."""

    code: str
    field: str
    title: str
    days: int
    fee: int
    full: bool
    weight: int


COMMUNE = (
    Procedure("2.000815", "G15-TP", "Chứng thực bản sao từ bản chính", 0, 4000, False, 30),
    Procedure("2.000884", "G15-TP", "Chứng thực chữ ký", 0, 10000, False, 10),
    Procedure("1.001193", "G15-HT", "Đăng ký khai sinh", 1, 0, True, 14),
    Procedure("1.004873", "G15-HT", "Xác nhận tình trạng hôn nhân", 3, 15000, True, 11),
    Procedure("1.000894", "G15-HT", "Đăng ký kết hôn", 1, 0, False, 7),
    Procedure("1.000656", "G15-HT", "Đăng ký khai tử", 1, 0, True, 4),
    Procedure("2.000635", "G15-HT", "Cấp bản sao trích lục hộ tịch", 0, 8000, True, 9),
    Procedure("1.001612", "G13-KD", "Đăng ký thành lập hộ kinh doanh", 3, 100000, True, 5),
    Procedure("1.001776", "G09-XH", "Trợ cấp xã hội hằng tháng", 10, 0, False, 5),
    Procedure("1.012753", "G16-DD", "Đăng ký biến động quyền sử dụng đất", 10, 120000, False, 5),
)
DEPARTMENTS: dict[str, tuple[Procedure, ...]] = {
    "MS-SXD": (
        Procedure("1.002809", "G17-GT", "Đổi giấy phép lái xe", 5, 115000, True, 6),
        Procedure("1.013225", "G17-XD", "Cấp giấy phép xây dựng", 20, 150000, False, 2),
        Procedure("1.002889", "G17-GT", "Cấp phù hiệu xe kinh doanh vận tải", 2, 0, True, 4),
    ),
    "MS-STC": (
        Procedure("2.001610", "G13-DN", "Thành lập doanh nghiệp", 3, 0, True, 4),
        Procedure("2.002041", "G13-DN", "Thay đổi nội dung đăng ký doanh nghiệp", 3, 50000, True, 6),
    ),
    "MS-SCT": (
        Procedure("2.000033", "G02-TM", "Thông báo thực hiện khuyến mại", 1, 0, True, 6),
        Procedure("2.000674", "G02-TM", "Giấy chứng nhận đủ điều kiện bán lẻ xăng dầu", 20, 1200000, True, 1),
    ),
    "MS-SNNMT": (
        Procedure("1.012756", "G16-DD", "Cấp đổi giấy chứng nhận quyền sử dụng đất", 10, 100000, False, 6),
        Procedure("1.008675", "G12-TY", "Giấy chứng nhận kiểm dịch động vật", 1, 30000, True, 5),
    ),
    "MS-SNV": (
        Procedure("1.009811", "G11-VL", "Cấp giấy phép lao động cho người nước ngoài", 5, 600000, True, 1),
        Procedure("2.000148", "G11-VL", "Hưởng trợ cấp thất nghiệp", 15, 0, True, 5),
    ),
    "MS-STP": (
        Procedure("2.000488", "G15-LL", "Cấp phiếu lý lịch tư pháp", 10, 200000, True, 8),
        Procedure("2.000789", "G15-CC", "Đăng ký hành nghề công chứng", 7, 500000, True, 1),
    ),
    "MS-SYT": (
        Procedure("1.012289", "G18-KB", "Cấp giấy phép hành nghề khám chữa bệnh", 20, 430000, True, 3),
        Procedure("1.004593", "G18-DP", "Giấy chứng nhận đủ điều kiện kinh doanh dược", 15, 500000, True, 2),
    ),
    "MS-SGDDT": (
        Procedure("1.005144", "G06-GD", "Xét hỗ trợ chi phí học tập", 10, 0, True, 2),
        Procedure("2.001914", "G06-VB", "Chỉnh sửa nội dung văn bằng, chứng chỉ", 5, 0, True, 3),
    ),
    "MS-SVHTTDL": (Procedure("1.004650", "G19-QC", "Thông báo sản phẩm quảng cáo", 5, 0, True, 3),),
    "MS-CA": (
        Procedure("1.004222", "G01-CT", "Đăng ký thường trú", 5, 20000, True, 9),
        Procedure("1.004194", "G01-CT", "Đăng ký tạm trú", 3, 15000, True, 9),
    ),
}
# Dossiers a month at each department by the end of 2026; communes share theirs by people.
MONTHLY = {
    "MS-SXD": 420, "MS-STC": 310, "MS-SCT": 170, "MS-SNNMT": 380, "MS-SNV": 190,
    "MS-STP": 450, "MS-SYT": 90, "MS-SGDDT": 80, "MS-SVHTTDL": 50, "MS-CA": 1030,
}  # fmt: skip
# Per cent on time and dossiers overdue now.
DEPARTMENT_RECORD = {
    "MS-SXD": (99.4, 38), "MS-STC": (99.8, 2), "MS-SCT": (99.9, 1), "MS-SNNMT": (99.6, 36), "MS-SNV": (99.7, 4),
    "MS-STP": (99.8, 5), "MS-SYT": (99.4, 6), "MS-SGDDT": (99.9, 0), "MS-SVHTTDL": (99.9, 0), "MS-CA": (99.95, 5),
}  # fmt: skip
COMMUNES_MONTHLY = 3200
