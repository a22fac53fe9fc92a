"""The disaster-risk levels of heavy rain that this pack assumes. EDIT HERE to fit the province, and raise `VERSION`.

Quyết định 18/2021/QĐ-TTg uses the classes 100, 200 and 400 mm in 24 hours, with days of rain and zones of risk (read in Article
46, flash floods; the article on heavy rain was not at hand). An amount alone does not give the level. Assumed here: 100, 200 and
400 mm begin levels 1, 2 and 3; 600 and 800 mm for levels 4 and 5 are the pack's own. The official level is the forecaster's.
"""

from __future__ import annotations

from toancanh.kernel.contracts import Band
from toancanh.kernel.text import Text

BASIS = "Quyết định 18/2021/QĐ-TTg ngày 22/4/2021"
VERSION = 1
FROM = (100.0, 200.0, 400.0, 600.0, 800.0)  # mm in 24 hours from which levels 1, 2, 3, 4 and 5 begin
ENOUGH_HOURS = 18  # of 24: with fewer the sum is shown only once it has reached level 1, for rain only adds
HEAVY_HOUR = 50.0  # mm in one hour that is worth a warning; the pack's own, no limit of the decision

BANDS = (
    Band(0.0, Text("Dưới cấp 1", "Below level 1"), "#D9DEE5", "ok"),
    Band(1.0, Text("Cấp 1: rủi ro thấp", "Level 1: low risk"), "#A6DCF5", "info"),  # light blue
    Band(2.0, Text("Cấp 2: rủi ro trung bình", "Level 2: medium risk"), "#FFF59D", "warn"),  # light yellow
    Band(3.0, Text("Cấp 3: rủi ro lớn", "Level 3: high risk"), "#FF9800", "bad"),  # orange
    Band(4.0, Text("Cấp 4: rủi ro rất lớn", "Level 4: very high risk"), "#E53935", "urgent"),  # red
    Band(5.0, Text("Cấp 5: thảm họa", "Level 5: disaster"), "#7B1FA2", "urgent"),  # violet
)
