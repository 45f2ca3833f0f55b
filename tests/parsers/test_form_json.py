"""JSON posts: nothing of what a program wrote is lost or made into something else."""

import json
import time
from typing import Any

import pytest

from parsers.form_body import MOST_PARTS, entity, read
from parsers.form_post import understand


def fields(body: bytes | str, charset: str = "") -> list[tuple[str, str]]:
    found = read(entity(f"application/json{charset}") + (body.encode() if isinstance(body, str) else body))
    assert found is not None
    return list(found.fields)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('{"a":1e400,"b":-1e400,"c":NaN}', [("a", "1e400"), ("b", "-1e400"), ("c", "NaN")]),
        ('{"a":12.50,"b":0.10000000000000000555}', [("a", "12.50"), ("b", "0.10000000000000000555")]),
        ('{"a":%s}' % ("9" * 5_000), [("a", "9" * 5_000)]),
        ('{"email":"a@x.example","email":"b@x.example"}', [("email", "a@x.example"), ("email", "b@x.example")]),
        ('{"a":{"b":{"c":{"d":{"e":1,"f":"x"}}}}}', [("a.b.c.d", '{"e": 1, "f": "x"}')]),
        ('{"list":[1.50,"x",null,true]}', [("list", "1.50, x, true")]),
        ('{"list":[["a"],["b"]]}', [("list", '[["a"], ["b"]]')]),
        (
            '{"fields":[{"name":"email","value":"a@x.example"},{"name":"n","value":7}]}',
            [("email", "a@x.example"), ("n", "7")],
        ),
        ('{"answers":[{"title":"Colours","value":["red","blue"]}]}', [("Colours", "red, blue")]),
        ('{"items":[{"q":"Q1","a":"A1"}]}', [("items", '[{"q": "Q1", "a": "A1"}]')]),
        (
            '{"items":[{"name":"a","value":"b"},{"other":1}]}',
            [("items", '[{"name": "a", "value": "b"}, {"other": 1}]')],
        ),
    ],
)  # fmt: skip
def test_values_stay_as_they_were_written(body: str, found: list[tuple[str, str]]) -> None:
    assert fields(body) == found


@pytest.mark.parametrize(
    ("codec", "charset"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("utf-16-le", ""),
        ("utf-16-be", "; charset=utf-16be"),
        ("utf-32-le", ""),
        ("latin-1", "; charset=ISO-8859-1"),
        ("cp1252", ""),  # undeclared: what is no UTF-8 is read as everybody does
    ],
)
def test_every_charset(codec: str, charset: str) -> None:
    text = json.dumps({"nachricht": "Grüße aus Köln"}, ensure_ascii=False)
    assert fields(text.encode(codec), charset) == [("nachricht", "Grüße aus Köln")]


@pytest.mark.parametrize(
    "body", ["", "[]", '"x"', "1", "null", '{"a":', "[" * 100_000, '{"a":' * 5_000 + "1" + "}" * 5_000]
)
def test_what_is_no_object_has_no_fields_and_says_so(body: str) -> None:
    found = read(entity("application/json") + body.encode())
    assert found is not None and found.fields == ()
    assert [problem.code for problem in understand(entity("application/json") + body.encode()).problems] == [
        "document-damaged"
    ]


@pytest.mark.parametrize(
    "value",
    [
        {f"k{n}": n for n in range(100_000)},
        {"a": [{"name": f"n{n}", "value": n} for n in range(20_000)]},
        {"a": [[n] for n in range(100_000)]},
        {"a": {"b": {"c": {"d": [{"e": [n]} for n in range(50_000)]}}}},
    ],
)
def test_large_ones_are_read_in_time(value: Any) -> None:
    body = json.dumps(value)[:1_000_000]
    closed = body if len(body) < 1_000_000 else json.dumps({"a": body})
    began = time.monotonic()
    assert len(fields(closed)) <= MOST_PARTS
    assert time.monotonic() - began < 5
