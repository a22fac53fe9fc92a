"""Who owns a figure, as a role: a pack names the role, each province says which agency plays it.

Department names after the 2025 reorganisation (Nghị định 150/2025/NĐ-CP and the merger resolutions of 2025).
"""

from __future__ import annotations

from dataclasses import dataclass

from toancanh.kernel.text import Text


@dataclass(frozen=True, slots=True)
class AgencyRole:
    """A role that one agency of the province plays."""

    code: str
    title: Text


PROVINCIAL_OFFICE = AgencyRole("office", Text("Văn phòng UBND tỉnh", "Office of the People's Committee"))
FINANCE = AgencyRole("finance", Text("Sở Tài chính", "Department of Finance"))
INDUSTRY_TRADE = AgencyRole("industry_trade", Text("Sở Công Thương", "Department of Industry and Trade"))
AGRICULTURE_ENVIRONMENT = AgencyRole(
    "agriculture_environment", Text("Sở Nông nghiệp và Môi trường", "Department of Agriculture and Environment")
)
CONSTRUCTION = AgencyRole("construction", Text("Sở Xây dựng", "Department of Construction"))
HOME_AFFAIRS = AgencyRole("home_affairs", Text("Sở Nội vụ", "Department of Home Affairs"))
JUSTICE = AgencyRole("justice", Text("Sở Tư pháp", "Department of Justice"))
SCIENCE_TECHNOLOGY = AgencyRole("science_technology", Text("Sở Khoa học và Công nghệ", "Department of Science and Technology"))
HEALTH = AgencyRole("health", Text("Sở Y tế", "Department of Health"))
EDUCATION = AgencyRole("education", Text("Sở Giáo dục và Đào tạo", "Department of Education and Training"))
CULTURE_TOURISM = AgencyRole(
    "culture_tourism", Text("Sở Văn hóa, Thể thao và Du lịch", "Department of Culture, Sports and Tourism")
)
STATISTICS = AgencyRole("statistics", Text("Thống kê tỉnh", "Provincial Statistics Office"))
TAX = AgencyRole("tax", Text("Thuế tỉnh", "Provincial Tax Office"))
TREASURY = AgencyRole("treasury", Text("Kho bạc Nhà nước khu vực", "Regional State Treasury"))
POLICE = AgencyRole("police", Text("Công an tỉnh", "Provincial Police"))

ROLES = (
    PROVINCIAL_OFFICE,
    FINANCE,
    INDUSTRY_TRADE,
    AGRICULTURE_ENVIRONMENT,
    CONSTRUCTION,
    HOME_AFFAIRS,
    JUSTICE,
    SCIENCE_TECHNOLOGY,
    HEALTH,
    EDUCATION,
    CULTURE_TOURISM,
    STATISTICS,
    TAX,
    TREASURY,
    POLICE,
)
