"""XML as it is really sent: nothing is expanded, nothing is lost, nothing raises."""

from __future__ import annotations

import pytest

from parsers.problems import Problems
from parsers.structured import decoding
from parsers.structured.markup import characters, read
from parsers.structured.tree import Node


def shape(node: Node) -> str:
    inside = "".join(shape(child) for child in node.children)
    return f"{node.name}({node.value}{inside})"


@pytest.mark.parametrize(
    ("text", "tree", "damaged"),
    [
        ("<a><b>x</b></a>", "(a(b(x)))", False),
        ("<a>x<B/>y</A>", "(a(xyb()))", False),
        ("<a k='1' L=2 m>x</a>", "(a(x@k(1)@l(2)@m()))", False),
        ("<ns:a xmlns:ns='u'>x</ns:a>", "(a(x))", False),
        ("<a><!-- <b> --><![CDATA[<c>]]></a>", "(a(<c>))", False),
        ("<a>1 < 2 & 3</a>", "(a(1 < 2 & 3))", False),
        ("<a><b>x</a>", "(a(b(x)))", True),
        ("<a>x</b></a>", "(a(x))", True),
        ("<a><b>x", "(a(b(x)))", True),
        ("<a", "(a())", True),
        ("<!DOCTYPE a [<!ENTITY e 'boom'>]><a>&e;</a>", "(a(&e;))", False),
        ("<!DOCTYPE a SYSTEM 'http://x.example/a.dtd'><a>x</a>", "(a(x))", False),
        ("", "()", False),
    ],
)
def test_trees(text: str, tree: str, damaged: bool) -> None:
    problems: Problems = []
    assert shape(read(text, problems)) == tree
    assert ("document-damaged" in {code for code, _ in problems}) is damaged


def test_leaves_and_sections_end_what_is_left_open() -> None:
    tree = read("<p><n>x<e>y<c>", [], frozenset(("n", "e")), {"c": frozenset(("p",))})
    assert shape(tree) == "(p(n(x)e(y))c())"


def test_characters() -> None:
    assert (
        characters("&lt;&#65;&#x42;&uuml;&nope;&copy=1&#0;&#xD800;&amp") == "<ABü&nope;&copy=1&#0;&#xD800;&"
    )


@pytest.mark.parametrize(
    ("data", "declared", "text", "problem"),
    [
        ("ü".encode(), None, "ü", False),
        ("ü".encode(), "iso-8859-1", "ü", False),
        ("<a>ü</a>".encode("utf-16"), "utf-8", "<a>ü</a>", False),
        ("<a>ü</a>".encode("utf-16-le"), None, "<a>ü</a>", False),
        ("<a>ü</a>".encode("utf-16-be"), "utf-8", "<a>ü</a>", False),
        ("ü".encode("cp1252"), "utf-8", "ü", True),
        ("жук".encode("cp1251"), "windows-1251", "жук", False),
        (b"<?xml encoding='iso-8859-2'?>\xb1", None, "<?xml encoding='iso-8859-2'?>ą", False),
        (b"a\r\nb\rc\0", None, "a\nb\nc", False),
        (b"\xef\xbb\xbfa\xc3", None, "a\ufffd", False),
        (b"abcdefgh\xc3", None, "abcdefghÃ", True),
    ],
)  # fmt: skip
def test_decoding(data: bytes, declared: str | None, text: str, problem: bool) -> None:
    problems: Problems = []
    assert decoding.text_of(data, declared, problems) == text
    assert bool(problems) is problem
