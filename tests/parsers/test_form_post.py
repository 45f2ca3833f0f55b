"""Form posts as bytes: three formats, every habit of browsers, and anything else a stranger may send."""

import random
import time

import pytest

from parsers import form_body
from parsers.form_body import LEFT_OUT, entity, read
from parsers.form_post import understand

PART = b'--B\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
JSON = entity("application/json") + b'{"a":1,"b":{"c":true,"d":null},"e":["x",2]}'


def multipart(*parts: bytes, end: bytes = b"--B--\r\n", boundary: str = "B") -> bytes:
    return entity(f"multipart/form-data; boundary={boundary}") + b"".join(parts) + end


def urlencoded(body: bytes, charset: str = "") -> bytes:
    return entity(f"application/x-www-form-urlencoded{charset}") + body


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        (urlencoded(b"a=1&b=x+y%20z&a=2"), [("a", "1"), ("b", "x y z"), ("a", "2")]),
        (urlencoded(b"a&=b&&%zz=%"), [("a", ""), ("", "b"), ("%zz", "%")]),
        (urlencoded(b"n=M%FCller", "; charset=iso-8859-1"), [("n", "Müller")]),
        (urlencoded(b"_charset_=windows-1252&n=%80"), [("_charset_", "windows-1252"), ("n", "€")]),
        (urlencoded(b"n=%FC"), [("n", "ü")]),
        (urlencoded(b"n=J%C3%B6rg", "; charset=utf-16"), [("n", "Jörg")]),
        (urlencoded(b"_charset_=UTF-16LE&n=J%00%F6%00"), [("_charset_", "UTF-16LE"), ("n", "Jö")]),
        (multipart(PART % (b"a", b"", b"1"), PART % (b"b", b"", b"x\r\ny")), [("a", "1"), ("b", "x\ny")]),
        (multipart(PART % (b"a%22%0D%0Ab", b"", b"1")), [('a" b', "1")]),
        (multipart(PART % (b"a", b"", b"1")).replace(b"1\r\n--B", b"1\n--B"), [("a", "1")]),
        (multipart(b"before\r\n", PART % (b"a", b"", b"--B is none\r\n--Bx")), [("a", "--B is none\n--Bx")]),
        (JSON, [("a", "1"), ("b.c", "true"), ("b.d", ""), ("e", "x, 2")]),
    ],
)  # fmt: skip
def test_fields_are_read_as_they_were_meant(raw: bytes, fields: list[tuple[str, str]]) -> None:
    body = read(raw)
    assert body is not None and list(body.fields) == fields


def test_files_are_places_in_the_bytes() -> None:
    raw = multipart(
        PART % (b"a", b"", b"1"),
        PART % (b"f", b'; filename="C:\\docs\\plan.pdf"', b"\x00\r\n--Bogus\r\n"),
        PART % (b"g", b'; filename=""', b""),
        PART % (b"h", b"; filename*=UTF-8''%C3%BC.txt", b"x"),
    )
    body = read(raw)
    assert body is not None
    assert [(file.filename, raw[file.start : file.end]) for file in body.files] == [
        ("C:\\docs\\plan.pdf", b"\x00\r\n--Bogus\r\n"),
        ("ü.txt", b"x"),
    ]
    assert [attachment.filename for attachment in understand(raw).attachments] == ["plan.pdf", "ü.txt"]


def test_a_body_that_ends_too_early_keeps_what_is_there() -> None:
    raw = multipart(PART % (b"message", b"", b"Half a sent"), end=b"")
    message = understand(raw[:-2])
    assert message.fields == {"message": "Half a sent"}
    assert [problem.code for problem in message.problems] == ["unclosed-multipart"]


def test_a_file_that_the_door_left_out_is_told() -> None:
    head = b"Content-Type: multipart/form-data; boundary=B\r\n" + LEFT_OUT.encode() + b": 1\r\n\r\n"
    part = PART % (b"f", b'; filename="a.bin"', b"")
    message = understand(head + PART % (b"name", b"", b"V") + part + b"--B--")
    assert message.attachments == () and [p.code for p in message.problems] == ["file-left-out"]


def test_a_line_stays_a_line() -> None:
    raw = urlencoded(
        b"name=Vera%0d%0aBcc:+a%40b.example&subject=x%0ay&email=v%40x.example%0d%0aCc:z&nachricht=a%0d%0ab"
    )
    message = understand(raw)
    assert message.sender is not None
    one_line = (message.sender.name, message.sender.address, message.subject)
    assert one_line == ("Vera Bcc: a@b.example", "v@x.example", "x y")
    assert message.fields["message"] == "a\nb" and message.reply == "a\nb"


def test_reserved_fields_are_no_words_of_the_visitor() -> None:
    message = understand(urlencoded(b"name=V&_gotcha=x&_tag=t&_lang=de&_elapsed=1&_redirect=/&_other=o"))
    assert message.header("_gotcha") == "x" and message.header("_elapsed") == "1"
    assert message.fields == {"name": "V", "_other": "o"}


def test_a_content_type_cannot_end_its_line() -> None:
    assert entity("text/plain\r\nX: y\0\x85z").count(b"\r\n") == 2


@pytest.mark.parametrize(
    "body",
    [
        b"\n--B" * 400_000,
        (b"--B\r\n" * 400_000),
        b"--B\r\n" + b'Content-Disposition: form-data; name="' + b"a" * 2_000_000,
        b"--B\r\nContent-Disposition: form-data" + b";" * 2_000_000,
        b"--B\r\n" + b"X: y\r\n" * 300_000,
    ],
)
def test_hostile_bodies_are_read_in_linear_time(body: bytes) -> None:
    began = time.process_time()
    understand(multipart(body))
    assert time.process_time() - began < 3


def test_no_bytes_stop_the_reader() -> None:
    chance = random.Random(7)
    whole = [
        multipart(PART % (b"name", b"", b"Vera"), PART % (b"f", b'; filename="a"', b"\xff" * 50)),
        urlencoded(b"name=Vera&email=v%40x.example&message=" + b"%C3%BC" * 20),
        entity("application/json; charset=x") + b'{"name":"V","x":[{"y":[1,{"z":{}}]}],"\\ud800":"\\u0000"}',
    ]
    for _ in range(2_000):
        raw = bytearray(chance.choice(whole))
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(raw))
            raw[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(4))
        message = understand(bytes(raw))
        for text in (*message.fields, *message.fields.values(), message.text):
            assert "\0" not in text
        assert len(message.fields) <= form_body.MOST_PARTS * 2


@pytest.mark.parametrize(
    ("body", "found", "text"),
    [
        (  # Gravity Forms and others that number their fields
            b"input_1=Ina&input_2=ina%40x.example&input_3=Hallo",
            {"input_1": "Ina", "email": "ina@x.example", "input_3": "Hallo"},
            "input_1: Ina\ninput_2: ina@x.example\ninput_3: Hallo",
        ),
        (
            b"input_1=a%40x.example&input_2=b%40x.example",  # which of the two, nobody knows
            {"input_1": "a@x.example", "input_2": "b@x.example"},
            "input_1: a@x.example\ninput_2: b@x.example",
        ),
        (
            b"friend=a%40x.example&email=b%40x.example",
            {"friend": "a@x.example", "email": "b@x.example"},
            "friend: a@x.example\nemail: b@x.example",
        ),
        (  # TYPO3 and Contact Form 7, their fields not named by anybody
            b"f[text-1]=Tom+Typo&f[email-1]=t%40x.example&f[textarea-1]=Guten+Tag&tel-123=030+5550123",
            {"f[text-1]": "Tom Typo", "email": "t@x.example", "message": "Guten Tag", "phone": "030 5550123"},
            "f[text-1]: Tom Typo\nf[email-1]: t@x.example\ntel-123: 030 5550123\n\nGuten Tag",
        ),
        (  # two texts: neither is lost
            b"message=one&message=two&email=a%40x.example",
            {"message": "one", "message 2": "two", "email": "a@x.example"},
            "message: two\nemail: a@x.example\n\none",
        ),
        (
            b"description=the+roof&nachricht=call+me&email=a%40x.example",
            {"description": "the roof", "message": "call me", "email": "a@x.example"},
            "description: the roof\nemail: a@x.example\n\ncall me",
        ),
    ],
)
def test_names_that_say_little_and_texts_that_stand_twice(
    body: bytes, found: dict[str, str], text: str
) -> None:
    message = understand(urlencoded(body))
    assert (message.fields, message.text) == (found, text)
