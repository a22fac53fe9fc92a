"""The agencies of the sample province, its sample accounts, and the sources that send its data."""

from __future__ import annotations

from datetime import date, timedelta

from toancanh.kernel import agency_roles as role
from toancanh.kernel.agency_roles import AgencyRole
from toancanh.kernel.contracts import Level
from toancanh.kernel.text import Text
from toancanh.site.sample.communes import COMMUNES
from toancanh.site.sample.places import PROVINCE
from toancanh.site.sample.shapes import AccountDefinition, SourceDefinition, UnitDefinition

REORGANISED = date(2025, 3, 1)
_DEPARTMENTS = (
    ("MS-VP", role.PROVINCIAL_OFFICE),
    ("MS-STC", role.FINANCE),
    ("MS-SCT", role.INDUSTRY_TRADE),
    ("MS-SNNMT", role.AGRICULTURE_ENVIRONMENT),
    ("MS-SXD", role.CONSTRUCTION),
    ("MS-SNV", role.HOME_AFFAIRS),
    ("MS-STP", role.JUSTICE),
    ("MS-SKHCN", role.SCIENCE_TECHNOLOGY),
    ("MS-SYT", role.HEALTH),
    ("MS-SGDDT", role.EDUCATION),
    ("MS-SVHTTDL", role.CULTURE_TOURISM),
    ("MS-TK", role.STATISTICS),
    ("MS-THUE", role.TAX),
    ("MS-KBNN", role.TREASURY),
    ("MS-CA", role.POLICE),
)
_OTHERS = (
    ("MS-TTR", "Thanh tra tỉnh", "Provincial Inspectorate"),
    ("MS-SDTTG", "Sở Dân tộc và Tôn giáo", "Department of Ethnic and Religious Affairs"),
    ("MS-BHXH", "Bảo hiểm xã hội tỉnh", "Provincial Social Insurance"),
    ("MS-KCN", "Ban Quản lý các khu công nghiệp", "Industrial Zones Authority"),
    ("MS-TTPVHCC", "Trung tâm Phục vụ hành chính công tỉnh", "Provincial Public Administration Service Centre"),
)
DESKS = tuple(
    f"agency:{code}"
    for code in ("MS-SXD", "MS-STC", "MS-SCT", "MS-SNNMT", "MS-SNV", "MS-STP", "MS-SYT", "MS-SGDDT", "MS-SVHTTDL", "MS-CA")
)
AIR_OWNER = "agency:MS-SNNMT"


def agencies() -> list[UnitDefinition]:
    """Twenty provincial agencies and the thirty-nine committees of communes and wards."""
    found = [_agency(code, each.title, each) for code, each in _DEPARTMENTS]
    found.extend(_agency(code, Text(vi, en), None) for code, vi, en in _OTHERS)
    for each in COMMUNES:
        name = f"{each.kind.lower()} {each.name}"
        found.append(
            UnitDefinition(
                "agency", each.code, Level.AGENCY, "UBND", name, f"UBND {name}", f"People's Committee of {each.name}", each.key
            )
        )
    return found


def _agency(code: str, title: Text, plays: AgencyRole | None) -> UnitDefinition:
    return UnitDefinition(
        "agency", code, Level.AGENCY, "Cơ quan", title.vi, title.vi, title.en, PROVINCE, REORGANISED,
        role=plays.code if plays else "",
    )  # fmt: skip


def people() -> list[AccountDefinition]:
    """One account for each role, and a commune's officer to show a narrow scope."""
    office, anywhere = "agency:MS-VP", (("", "", PROVINCE),)
    return [
        AccountDefinition(
            "lanhdao", "Nguyễn Thu Hà", Text("Lãnh đạo UBND tỉnh", "Provincial leader"), "leader", office, anywhere
        ),
        AccountDefinition("truc", "Trần Văn Bình", Text("Trực ban điều hành", "Duty operator"), "operator", office, anywhere),
        AccountDefinition(
            "soxaydung",
            "Lê Minh Đức",
            Text("Chuyên viên Sở Xây dựng", "Officer, Department of Construction"),
            "officer",
            "agency:MS-SXD",
            (("public_services", "agency:MS-SXD", ""), ("socio_economic", "", PROVINCE)),
        ),
        AccountDefinition(
            "sonnmt",
            "Nông Thị Mai",
            Text("Chuyên viên Sở Nông nghiệp và Môi trường", "Officer, Department of Agriculture and Environment"),
            "officer",
            AIR_OWNER,
            (("", AIR_OWNER, ""), ("socio_economic", "", PROVINCE)),
        ),
        AccountDefinition(
            "thachbinh",
            "Hoàng Thị Lan",
            Text("Công chức xã Thạch Bình", "Officer, Thạch Bình commune"),
            "officer",
            "agency:MS15",
            (("", "agency:MS15", ""), ("", "", "sample:MS15")),
        ),
        AccountDefinition("phantich", "Phạm Quang Huy", Text("Chuyên viên phân tích", "Analyst"), "analyst", office, anywhere),
        AccountDefinition(
            "quantri", "Vũ Hải Yến", Text("Quản trị hệ thống", "Administrator"), "administrator", "agency:MS-SKHCN"
        ),
        AccountDefinition("kiemtra", "Đỗ Thanh Tùng", Text("Thanh tra viên", "Auditor"), "auditor", "agency:MS-TTR"),
    ]


def sources() -> list[SourceDefinition]:
    """Eleven systems that send data, each with its owner and agreed pace."""
    month, quarter = timedelta(days=31), timedelta(days=92)
    figures = ("socio_economic_figures",)
    return [
        _source("statistics", "Báo cáo thống kê tháng, quý", "Statistical reports", "agency:MS-TK", figures, month),
        _source("tax_office", "Báo cáo thu ngân sách", "Tax office revenue reports", "agency:MS-THUE", figures, month),
        _source("treasury", "Giải ngân qua Kho bạc", "Disbursement", "agency:MS-KBNN", figures, month),
        _source("finance", "Báo cáo của Sở Tài chính", "Finance department reports", "agency:MS-STC", figures, month),
        _source("industry", "Báo cáo của Sở Công Thương", "Industry department reports", "agency:MS-SCT", figures, month),
        _source("home_affairs", "Báo cáo việc làm", "Employment reports", "agency:MS-SNV", figures, month),
        _source("agriculture", "Báo cáo nông nghiệp, giảm nghèo", "Agriculture and poverty reports", AIR_OWNER, figures, month),
        _source("plans", "Chỉ tiêu kế hoạch năm", "Plans of the year", "agency:MS-VP", figures, 4 * quarter),
        _source(
            "one_stop", "Hệ thống một cửa tỉnh", "One-stop system", "agency:MS-TTPVHCC", ("dossiers",), timedelta(minutes=15)
        ),
        _source(
            "air_stations", "Mạng trạm quan trắc không khí", "Air quality stations", AIR_OWNER, ("air_hourly", "air_stations"),
            None, {"mqtt_topic": "minhson/air/hourly", "mqtt_dataset": "air_hourly"},
        ),
        _source("rain_stations", "Mạng trạm đo mưa", "Rain stations", AIR_OWNER, ("rain_hourly", "rain_stations"), None),
    ]  # fmt: skip


def _source(
    code: str,
    vi: str,
    en: str,
    owner: str,
    datasets: tuple[str, ...],
    cadence: timedelta | None,
    config: dict[str, object] | None = None,
) -> SourceDefinition:
    return SourceDefinition(code, Text(vi, en), owner, datasets, cadence, config or {})
