"""The units of measure that socio-economic figures are stated in, and the sources quoted again and again."""

from __future__ import annotations

from toancanh.kernel.text import Text

BILLION = Text("tỷ đồng", "VND billion")
MILLION = Text("triệu đồng", "VND million")
MILLION_USD = Text("triệu USD", "USD million")
PERCENT = Text("%", "%")
PEOPLE = Text("người", "people")
HOUSEHOLDS = Text("hộ", "households")
FIRMS = Text("doanh nghiệp", "enterprises")
COMMUNES = Text("xã", "communes")
HECTARES = Text("ha", "ha")
TONNES = Text("tấn", "tonnes")

STATISTICS_LAW = "Luật Thống kê 89/2015/QH13, sửa đổi bởi Luật 01/2021/QH15"
BUDGET_LAW = "Luật Ngân sách nhà nước 89/2025/QH15"
PUBLIC_INVESTMENT_LAW = "Luật Đầu tư công 58/2024/QH15"
ENTERPRISE_LAW = "Luật Doanh nghiệp 59/2020/QH14"
POVERTY_DECREE = "Nghị định 07/2021/NĐ-CP, sửa đổi 30/2025/NĐ-CP (chuẩn nghèo đa chiều)"
YEAR_RESOLUTION = "Nghị quyết hằng năm của HĐND tỉnh về phát triển kinh tế - xã hội"
