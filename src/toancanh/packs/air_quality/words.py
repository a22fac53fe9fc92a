"""The sources quoted again and again in this field."""

INDEX_BASIS = "Quyết định 1459/QĐ-TCMT ngày 12/11/2019"
AMBIENT_STANDARD = "QCVN 05:2023/BTNMT"
