"""Vietnamese text: one stored form, one search form, one sort order, one form of a place's name.

Store NFC; search the folded copy; sort by the collation key. All keys are plain ASCII so that every database orders them alike.
"""

from __future__ import annotations

import re
import unicodedata

_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền, hỏi, ngã, sắc, nặng; ngang is 0
_QUALITIES = {"\u0306": 1, "\u0302": 2, "\u031b": 3}  # ă; â ê ô; ơ ư
_CROSSED_D = str.maketrans({"đ": "d", "ð": "d", "ɖ": "d"})
_ALL_CROSSED_D = "đðɖ"
_WORD = re.compile(r"[^\W\d_]+")
_ONSET = re.compile(r"qu(?=[aeiouy])|gi(?=[aeouy])|[^aeiouy]*", re.IGNORECASE)
_CODAS = frozenset({"", "c", "ch", "m", "n", "ng", "nh", "p", "t"})
_VOWELS = "aeiouy"


def nfc(text: str) -> str:
    """The stored form: composed letters."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """The search form: no marks, đ as d, lower case, single spaces; Đắk, Đắc and Dak (and Lắk, Lắc after it) are one.

    fold("Hoà Bình") == fold("hòa  bình") == fold("hoa binh"). Punctuation stays.
    """
    bare = text.lower()
    if not bare.isascii():
        letters = unicodedata.normalize("NFD", bare)
        bare = "".join(c for c in letters if unicodedata.category(c) not in ("Mn", "Cf")).translate(_CROSSED_D)
    squeezed = " ".join(bare.split())
    return re.sub(r"\bda[ck] ?la[ck]\b", "dak lak", re.sub(r"\bdac\b|\bdak(?=nong\b)", _dak, squeezed))


def _dak(found: re.Match[str]) -> str:
    return "dak" if found[0] == "dac" else "dak "


def is_accented(text: str) -> bool:
    """True when the text carries any Vietnamese mark (so its tones can be trusted)."""
    return any(c in _ALL_CROSSED_D or unicodedata.category(c) == "Mn" for c in unicodedata.normalize("NFD", text.lower()))


# --- order ---


def collation_key(text: str) -> str:
    """Sort key in dictionary order: a ă â b c d đ e ê ... letters first, then tones ngang, huyền, hỏi, ngã, sắc, nặng.

    Spaces come before digits, digits before letters, runs of digits by value (Phường 2 before Phường 10); case is ignored.
    The key is ASCII digits and lower-case letters only, so any database collation keeps its order.
    """
    letters, tones = [], []
    for kind, piece in _pieces(text):
        if kind == "space":
            letters.append("01")
        elif kind == "number":
            letters.append(f"02{len(piece):02}{piece}")
        else:
            letter, tone = _letter_key(piece)
            letters.append(letter)
            tones.append(str(tone))
    return "".join(letters) + "00" + "".join(tones)


def person_key(name: str) -> str:
    """Sort key for people: given name (last word) first with its tone, then family and middle names."""
    words = name.split()
    return collation_key(" ".join(words[-1:])) + collation_key(" ".join(words[:-1]))


_PIECE = re.compile(r"(?P<number>\d+)|(?P<letter>[^\W\d_])|(?P<space>[\W_]+)")


def _pieces(text: str) -> list[tuple[str, str]]:
    found = []
    for match in _PIECE.finditer(nfc(text).lower()):
        kind = match.lastgroup or "space"
        found.append((kind, _digits(match[0]) if kind == "number" else match[0]))
    if found and found[0][0] == "space":
        found = found[1:]
    return found[:-1] if found and found[-1][0] == "space" else found


def _digits(run: str) -> str:
    return "".join(str(unicodedata.digit(c)) for c in run).lstrip("0") or "0"


def _letter_key(letter: str) -> tuple[str, int]:
    if letter in _ALL_CROSSED_D:
        return "d1", 0
    base, *marks = list(unicodedata.normalize("NFD", letter))
    if not base.isascii():
        return f"zz{ord(base):06x}", 0
    quality = max((_QUALITIES.get(mark, 0) for mark in marks), default=0)
    return f"{base}{quality}", max((_TONES.get(mark, 0) for mark in marks), default=0)


# --- tone placement ---


def normalise_tone(text: str) -> str:
    """Every tone mark where the traditional style puts it: hoà -> hòa, thuỷ -> thủy, tòan -> toàn; quý and khuỷu stay. NFC."""
    return _WORD.sub(lambda word: _place_tone(word[0]), nfc(text))


def _place_tone(word: str) -> str:
    bases, tone = [], ""
    for letter in word:
        marks = unicodedata.normalize("NFD", letter)
        tone += "".join(mark for mark in marks if mark in _TONES)
        bases.append(nfc("".join(mark for mark in marks if mark not in _TONES)))
    if len(tone) != 1:
        return word
    seat = _tone_seat(bases)
    if seat is None:
        return word
    bases[seat] = nfc(bases[seat] + tone)
    return "".join(bases)


def _tone_seat(letters: list[str]) -> int | None:
    """Which letter of a toneless syllable carries the tone; None when it is not shaped like a Vietnamese syllable."""
    plain = "".join(unicodedata.normalize("NFD", letter)[0] for letter in letters).lower()
    onset = _ONSET.match(plain)
    start = onset.end() if onset else 0
    end = start
    while end < len(plain) and plain[end] in _VOWELS:
        end += 1
    if not 1 <= end - start <= 3 or plain[end:] not in _CODAS:
        return None
    marked = [i for i in range(start, end) if not letters[i].isascii()]
    if marked:
        return marked[-1]
    if end < len(plain):
        return end - 1
    return start + (end - start == 3)


# --- names of places ---

_SURE_PREFIXES = (
    r"ủy ban nhân dân|uỷ ban nhân dân|uy ban nhan dan|ubnd|thành phố|thanh pho|thị xã|thi xa|thị trấn|thi tran|đặc khu|dac khu"
    r"|tỉnh|phường|xã|huyện|quận|sở|tp\.?(?=[\s.]|$)|t\.p\.?|tx\.?(?=[\s.]|$)|tt\.?(?=[\s.]|$)"
)
_SHORT_PREFIXES = r"(?:p|q|x|h|t)(?:\.\s*|(?=\s*\d))"
_BARE_PREFIXES = r"(?:tinh|phuong|xa|huyen|quan|so)"
_PREFIX = re.compile(rf"(?:(?:{_SURE_PREFIXES})(?![^\W\d_])[\s.]*|{_SHORT_PREFIXES})(?=[^\W_])")
_LOWER_BARE = re.compile(rf"{_BARE_PREFIXES}\s+(?=[^\W_])")
_ANY_BARE = re.compile(rf"{_BARE_PREFIXES}\s+(?=[^\W_])", re.IGNORECASE)
_ENGLISH_SUFFIX = re.compile(r" (?:province|city|district|town|township|ward|commune|special zone)$")
_ALIASES = {
    "hcm": "ho chi minh",
    "hcmc": "ho chi minh",
    "tphcm": "ho chi minh",
    "bac can": "bac kan",
    "kontum": "kon tum",
    "con tum": "kon tum",
    "hanoi": "ha noi",
    "danang": "da nang",
    "haiphong": "hai phong",
}


def unit_name_key(name: str) -> str:
    """The matching form of a unit's name: folded, no type word, no punctuation: "TP. Hồ Chí Minh" and "HCM" -> "ho chi minh".

    "Phường 01", "P.1" and "Phường 1" -> "1". One level of type words goes (with UBND before it), so "Phường Sở Dầu" -> "so dau".
    An unmarked word that may be part of the name stays ("Tinh Bien" -> "tinh bien", it may be Tịnh Biên) unless it is written in
    lower case before a capital or a number ("tinh Thai Nguyen" -> "thai nguyen"); `unit_name_keys` gives both readings.
    """
    return _bare_key(_without_type(nfc(name).strip()))


def unit_name_keys(name: str) -> tuple[str, ...]:
    """Every reading of a typed name, likeliest first: `unit_name_key`, then with a doubtful type word dropped or kept."""
    text = nfc(name).strip()
    certain = _without_type(text)
    bare = _ANY_BARE.match(certain)
    readings = (_bare_key(certain), _bare_key(certain[bare.end() :] if bare else certain), _bare_key(text))
    return tuple(dict.fromkeys(reading for reading in readings if reading))


def spelled_key(name: str) -> str:
    """The name with its marks and type word kept but one spelling: lower case, one tone placement, no apostrophes, plain numbers.

    Tells apart what `unit_name_key` joins ("xã thanh an", "xã thạnh an"; "xã yên viên", "thị trấn yên viên"): exact hits first.
    """
    lowered = re.sub(r"['’‘`´]", "", normalise_tone(name).lower())
    words = re.sub(r"[\W_]+", " ", lowered).split()
    return " ".join(word.lstrip("0") or "0" if word.isdigit() else word for word in words)


def _without_type(text: str) -> str:
    """The name after at most one "UBND" and one type word, matched with their marks so that Tịnh Biên keeps its first word."""
    lowered = text.lower()
    rest = text
    for _ in range(2):
        start = len(text) - len(rest)
        found = _PREFIX.match(lowered, start)
        if found is None:
            break
        rest = text[found.end() :]
        if not found[0].startswith(("u", "ủ")):
            return rest
    bare = _LOWER_BARE.match(rest)
    return rest[bare.end() :] if bare and not rest[bare.end()].islower() else rest


def _bare_key(text: str) -> str:
    folded = re.sub(r"['’‘`´]", "", fold(text))
    words = re.sub(r"[^0-9a-z]+", " ", folded).split()
    key = " ".join(word.lstrip("0") or "0" if word.isdigit() else word for word in words)
    key = _ENGLISH_SUFFIX.sub("", key)
    return _ALIASES.get(key, key)
