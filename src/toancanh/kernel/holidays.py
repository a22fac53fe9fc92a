"""Public holidays of Viet Nam 2018-2040, as data: fixed by law, moved by the moon, or announced each year.

Legal basis: Labour Code 45/2019/QH14, Article 112 (holidays) and Article 111 (a weekly rest day that falls on a holiday is
given back on the next working day); before 2021 Labour Code 10/2012/QH13, Articles 115 and 110. Lunar dates are
astronomical, at UTC+7: Tết 2030 is 2 February in Viet Nam, a day before the Chinese new year. Announced breaks and swaps
come from the yearly government notices.
"""

from __future__ import annotations

from datetime import date

from toancanh.kernel.text import Text

FIRST_YEAR, LAST_YEAR = 2018, 2040

FIXED: dict[tuple[int, int], Text] = {
    (1, 1): Text("Tết Dương lịch", "New Year's Day"),
    (4, 30): Text("Ngày Chiến thắng", "Victory Day"),
    (5, 1): Text("Ngày Quốc tế Lao động", "International Labour Day"),
    (9, 2): Text("Quốc khánh", "National Day"),
}
TET = Text("Tết Nguyên đán", "Lunar New Year")
HUNG_KINGS = Text("Giỗ Tổ Hùng Vương", "Hùng Kings' Commemoration Day")
NATIONAL_DAY = FIXED[(9, 2)]
# Resolution 80-NQ/TW (January 2026) asks for a paid day off on 24 November; it needs an act of the National Assembly, hence
# a switch.
CULTURE_DAY, CULTURE_DAY_NAME = (11, 24), Text("Ngày Văn hóa Việt Nam", "Vietnam Culture Day")

# First day of the lunar year, and the tenth of its third month.
LUNAR: dict[int, tuple[date, date]] = {
    2018: (date(2018, 2, 16), date(2018, 4, 25)),
    2019: (date(2019, 2, 5), date(2019, 4, 14)),
    2020: (date(2020, 1, 25), date(2020, 4, 2)),
    2021: (date(2021, 2, 12), date(2021, 4, 21)),
    2022: (date(2022, 2, 1), date(2022, 4, 10)),
    2023: (date(2023, 1, 22), date(2023, 4, 29)),
    2024: (date(2024, 2, 10), date(2024, 4, 18)),
    2025: (date(2025, 1, 29), date(2025, 4, 7)),
    2026: (date(2026, 2, 17), date(2026, 4, 26)),
    2027: (date(2027, 2, 6), date(2027, 4, 16)),
    2028: (date(2028, 1, 26), date(2028, 4, 4)),
    2029: (date(2029, 2, 13), date(2029, 4, 23)),
    2030: (date(2030, 2, 2), date(2030, 4, 12)),
    2031: (date(2031, 1, 23), date(2031, 4, 1)),
    2032: (date(2032, 2, 11), date(2032, 4, 19)),
    2033: (date(2033, 1, 31), date(2033, 4, 9)),
    2034: (date(2034, 2, 19), date(2034, 4, 28)),
    2035: (date(2035, 2, 8), date(2035, 4, 17)),
    2036: (date(2036, 1, 28), date(2036, 4, 6)),
    2037: (date(2037, 2, 15), date(2037, 4, 24)),
    2038: (date(2038, 2, 4), date(2038, 4, 13)),
    2039: (date(2039, 1, 24), date(2039, 4, 3)),
    2040: (date(2040, 2, 12), date(2040, 4, 20)),
}

# First and last day off as announced, the days given back included. Other years follow `working_days.usual_tet_days`.
TET_BREAKS: dict[int, tuple[date, date]] = {
    2020: (date(2020, 1, 23), date(2020, 1, 29)),
    2021: (date(2021, 2, 10), date(2021, 2, 16)),
    2022: (date(2022, 1, 31), date(2022, 2, 4)),
    2023: (date(2023, 1, 20), date(2023, 1, 26)),
    2024: (date(2024, 2, 8), date(2024, 2, 14)),
    2025: (date(2025, 1, 27), date(2025, 1, 31)),
    2026: (date(2026, 2, 16), date(2026, 2, 20)),
}

# The day beside 2 September, since 2021. Other years follow `working_days.usual_national_extra`.
NATIONAL_EXTRA_SINCE = 2021
NATIONAL_EXTRA: dict[int, date] = {
    2021: date(2021, 9, 3),
    2022: date(2022, 9, 1),
    2023: date(2023, 9, 1),
    2024: date(2024, 9, 3),
    2025: date(2025, 9, 1),
    2026: date(2026, 9, 1),
}

# Day off -> the Saturday worked for it. The pair of August 2026 is to be confirmed; a calendar override corrects it where it
# differs.
SWAPS: dict[date, date] = {
    date(2018, 12, 31): date(2019, 1, 5),
    date(2019, 4, 29): date(2019, 5, 4),
    date(2024, 4, 29): date(2024, 5, 4),
    date(2025, 5, 2): date(2025, 4, 26),
    date(2026, 1, 2): date(2026, 1, 10),
    date(2026, 8, 31): date(2026, 8, 22),
}
