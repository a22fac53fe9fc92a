"""Start-up check of what stands where in a declaration: a value of another kind than its place takes is named.

A type checker says the same; whoever writes a first pack may not have run it, and what is of the wrong kind fails far from here.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

LONGEST = 60  # characters of a value in a message


def shape_mistakes(declared: object) -> Iterator[tuple[str, str]]:
    """Everything of the wrong kind in a declaration and what it is made of, as (site, what)."""
    yield from _look(declared, "", "", set())


def _look(declared: object, site: str, name: str, seen: set[int]) -> Iterator[tuple[str, str]]:
    if id(declared) in seen:  # parts refer to each other: a dataset stands in each of its indicators
        return
    seen.add(id(declared))
    site = getattr(declared, "site", "") or site
    name = getattr(declared, "code", "") or name
    wanted: dict[str, Any] = _hints(type(declared))  # type: ignore[arg-type]  # a class has a hash
    for each in fields(declared):  # type: ignore[arg-type]  # only dataclasses come here
        value, hint = getattr(declared, each.name), wanted.get(each.name, Any)
        if not _fits(value, hint):
            kind, odd = type(declared).__name__, _said(_odd_one(value, hint))
            yield site, f"{name!r}: {kind} takes {_words(hint)} as {each.name!r}, not {odd}"
            continue
        for part in value if isinstance(value, tuple) else (value,):
            if is_dataclass(part) and not isinstance(part, type):
                yield from _look(part, site, name, seen)


@cache
def _hints(kind: type) -> dict[str, Any]:
    try:
        return get_type_hints(kind)
    except NameError:  # a name that only a type checker knows: nothing can be said of this class
        return {}


def _fits(value: object, hint: Any) -> bool:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(_fits(value, each) for each in inner)
    if origin is tuple:
        return isinstance(value, tuple) and _all_fit(value, inner)
    if origin is Literal:
        return value in inner
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    kind = origin or hint
    return not isinstance(kind, type) or getattr(kind, "_is_protocol", False) or isinstance(value, kind)


def _all_fit(value: tuple[object, ...], inner: tuple[Any, ...]) -> bool:
    if len(inner) == 2 and inner[1] is Ellipsis:
        return all(_fits(each, inner[0]) for each in value)
    return len(value) == len(inner) and all(map(_fits, value, inner))


def _odd_one(value: object, hint: Any) -> object:
    """What does not fit: of several parts the first that does not."""
    inner = get_args(hint)
    several = get_origin(hint) is tuple and isinstance(value, tuple) and len(inner) == 2 and inner[1] is Ellipsis
    return next((each for each in value if not _fits(each, inner[0])), value) if several else value  # type: ignore[attr-defined]


def _words(hint: Any) -> str:
    """`Column | None`, `(str, ...)`: as short as a reader of the contracts needs it."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return " | ".join(_words(each) for each in inner)
    if origin is tuple:
        return f"({', '.join('...' if each is Ellipsis else _words(each) for each in inner)})"
    if origin is Callable or hint is Callable:
        return "a function"
    return "None" if hint is type(None) else str(getattr(hint, "__name__", hint))


def _said(value: object) -> str:
    if is_dataclass(value) and not isinstance(value, type):
        code = getattr(value, "code", "")
        return f"{type(value).__name__} {code!r}" if code else type(value).__name__
    if isinstance(value, tuple | list):
        return f"{type(value).__name__} of {', '.join(sorted({_said(each) for each in value})) or 'nothing'}"[:LONGEST]
    return repr(value)[:LONGEST]
