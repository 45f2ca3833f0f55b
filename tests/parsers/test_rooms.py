"""The small rooms by themselves: dates, addresses, encoded words, charsets, HTML, lines, signatures."""

from __future__ import annotations

import pytest

from parsers import addresses, charsets, dates, encoded_words, form_labels, html_text, people, signature
from parsers.locale_tables import LABELS
from parsers.message import Mailbox
from parsers.problems import EXPLAINED, Code, Problems


@pytest.mark.parametrize(
    ("written", "language", "iso"),
    [
        ("Wed, Oct 28, 2026 at 9:31 AM", "en", "2026-10-28T09:31:00"),
        ("28 October 2026 at 11:17:21 EEST", "en", "2026-10-28T11:17:21+03:00"),
        ("26. lokakuuta 2026 klo 14.25.08 UTC+3", "fi", "2026-10-26T14:25:08+03:00"),
        ("2026. október 26. 14:25:08 EEST", "hu", "2026-10-26T14:25:08+03:00"),
        ("wtorek, 2 listopada 2026, 09:26:50 CET", "pl", "2026-11-02T09:26:50+01:00"),
        ("2. listopada 2026. 09:26", "hr", "2026-10-02T09:26:00"),
        ("2 Kasım 2026 Salı 09:26:50 GMT+1", "tr", "2026-11-02T09:26:50+01:00"),
        ("2026年9月19日月曜日 17:55:44 -0400", "ja", "2026-09-19T17:55:44-04:00"),
        ("28/10/2026 12:46", "de", "2026-10-28T12:46:00"),
        ("28.10.26 12:46", None, "2026-10-28T12:46:00"),
        ("2026-10-28 9:31 GMT+03:00", None, "2026-10-28T09:31:00+03:00"),
        ("Mittwoch, 28. Oktober 2026", "de", "2026-10-28"),
        ("4/5/2026 10:00 PM", "en", "2026-04-05T22:00:00"),
        ("Mon Nov 23 15:28:09 UTC 2026", None, "2026-11-23T15:28:09+00:00"),
        ("04/05/2026 10:00", "en", None),
        ("31.02.2026", "de", None),
        ("mar. 27 oct. 2026 à 09:31", "fr", "2026-10-27T09:31:00"),
        ("mar., 3 mar. 2026 9:31 p. m.", "es", "2026-03-03T21:31:00"),
        ("uto, 27. lis 2026. u 09:31", "hr", "2026-10-27T09:31:00"),
        ("Tuesday, 10/27/2026 9:31", "en", "2026-10-27T09:31:00"),
        ("Tue, 06/10/2026 9:31", "en", "2026-10-06T09:31:00"),
        ("2026. 10. 27. 오전 9:31", "ko", "2026-10-27T09:31:00"),
        ("2026년 10월 27일 화요일, 09시 31분 05초 +0900", "ko", "2026-10-27T09:31:05+09:00"),
        ("2026年10月27日 GMT+8 下午9:31:12", "zh", "2026-10-27T21:31:12+08:00"),
        ("月曜日, 11月 23, 2026 9:10:00 午前", "ja", "2026-11-23T09:10:00"),
        ("Th 3, 27 thg 10, 2026 vào lúc 09:31", "vi", "2026-10-27T09:31:00"),
        ("อ. 27 ต.ค. 2569 เวลา 09:31", "th", "2026-10-27T09:31:00"),
        ("٢٧ أكتوبر ٢٠٢٦ في ٩:٣١ م", "ar", "2026-10-27T21:31:00"),
        ("27 באוק׳ 2026 ב-9:31", "he", "2026-10-27T09:31:00"),
        ("On Monday, November 23rd, 2026 at 12:10 AM", "en", "2026-11-23T00:10:00"),
        ("2026-11-23T09:10:00+0100", "de", "2026-11-23T09:10:00+01:00"),
        ("tomorrow", "en", None),
        ("9" * 500, None, None),
    ],
)
def test_dates(written: str, language: str | None, iso: str | None) -> None:
    assert dates.to_iso(written, language) == iso


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("27. listopada 2026", None),
        ("uto, 27. lis 2026.", "2026-10-27"),
        ("pt., 27 lis 2026", "2026-11-27"),
    ],
)
def test_a_month_of_two_languages_is_told_by_the_weekday(written: str, iso: str | None) -> None:
    assert dates.to_iso(written, frozenset(("pl", "hr"))) == iso


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("John Doe <john@doe.example>", [("John Doe", "john@doe.example")]),
        (
            '"Doe, John" <john@doe.example>, jane@doe.example',
            [("Doe, John", "john@doe.example"), (None, "jane@doe.example")],
        ),
        (
            "Doe, John <john@doe.example>; Roe, Jane <jane@roe.example>",
            [("Doe, John", "john@doe.example"), ("Roe, Jane", "jane@roe.example")],
        ),
        ("John Doe [mailto:john@doe.example]", [("John Doe", "john@doe.example")]),
        ("'John Doe' <john@doe.example>", [("John Doe", "john@doe.example")]),
        ("John <john@doe.example<mailto:john@doe.example>>", [("John", "john@doe.example")]),
        ("john@doe.example <john@doe.example>", [(None, "john@doe.example")]),
        ("<john@doe.example>", [(None, "john@doe.example")]),
        ("john@doe.example (John Doe)", [("John Doe", "john@doe.example")]),
        ("John Doe (john@doe.example)", [("John Doe", "john@doe.example")]),
        ("Bessie Berry; Walter Sheltan", [("Bessie Berry", None), ("Walter Sheltan", None)]),
        ("undisclosed-recipients:;", []),
        ("", []),
        (",;,", []),
    ],
)
def test_addresses(written: str, people: list[tuple[str | None, str | None]]) -> None:
    assert addresses.read(written) == tuple(Mailbox(name, address) for name, address in people)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?UTF-8?B?R3LDvMOfZQ?=", "Grüße"),
        (b"a =?utf-8?q?b?= =?utf-8?q?c?= d", "a bc d"),
        (b"=?utf-8?q?a b?=", "a b"),
        (b"=?iso-8859-1*de?q?Gr=FC=DFe?=", "Grüße"),
        ("=?iso-8859-1?Q?Gr\xfc\xdfe?=".encode("latin-1"), "Grüße"),
        ("Gr\xfc\xdfe".encode("latin-1"), "Grüße"),
        ("Grüße".encode(), "Grüße"),
        (b"=?x-none?q?abc?=", "abc"),
        (b"=?utf-8?b?=?=", ""),
        (b"=?utf-8?q?never ended", "=?utf-8?q?never ended"),
        (b"tab\there", "tab here"),
    ],
)
def test_encoded_words(raw: bytes, text: str) -> None:
    problems: Problems = []
    assert encoded_words.decode(raw, problems) == text


@pytest.mark.parametrize(
    ("data", "label", "text", "trouble"),
    [
        ("Grüße".encode(), "utf-8", "Grüße", None),
        ("Grüße".encode("cp1252"), "iso-8859-1", "Grüße", None),
        ("„Grüße“ €".encode("cp1252"), "iso-8859-1", "„Grüße“ €", None),
        ("Grüße".encode("cp1252"), None, "Grüße", "wrong"),
        ("Grüße".encode(), "us-ascii", "Grüße", "wrong"),
        ("Grüße".encode(), "no-such", "Grüße", "unknown"),
        ("こんにちは".encode("cp932"), "shift_jis", "こんにちは", None),
        ("你好".encode("gb18030"), "gb2312", "你好", None),
        ("Привет".encode("koi8_r"), "koi8-r", "Привет", None),
        (b"\xff\xfeh\0i\0", None, "hi", None),
        (b"+AGE-", "unicode-1-1-utf-7", "a", None),
        (b"x", "rot13", "x", "unknown"),
    ],
)
def test_charsets(data: bytes, label: str | None, text: str, trouble: str | None) -> None:
    assert charsets.decode(data, label) == (text, trouble)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("a<br>b<br/>c", "a\nb\nc"),
        (
            "<table><tr><td>Name:</td><td>Anna</td></tr><tr><th>Ort</th><td>Köln</td></tr></table>",
            "Name:\tAnna\nOrt\tKöln",
        ),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n>\n> > b\n\nc"),
        ('<a href="https://x.example/a">here</a>', "here <https://x.example/a>"),
        ('<a href="https://www.x.example/">x.example</a>', "x.example"),
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
        ('<a href="javascript:x()">here</a>', "here"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ('<div style="display:none">hidden</div>seen', "seen"),
        ("<style>p{}</style><script>x</script>seen", "seen"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("&lt;tag&gt; &amp; &uuml; &#8364;", "<tag> & ü €"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("a\u200bb\xa0c\ufeff", "ab c"),
        ("<!-- <p>no</p> -->yes", "yes"),
        ("", ""),
    ],
)
def test_html(html: str, text: str) -> None:
    assert html_text.to_text(html)[0] == text


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Hello\n-- \nAnna", "Anna"),
        ("Hello\n\nSent from my iPhone", "Sent from my iPhone"),
        ("Hello\n\nEnvoyé de mon iPhone", "Envoyé de mon iPhone"),
        ("Hello\n\n/Anna", "/Anna"),
        ("Hello\n\n- one\n- two", None),
        ("-- \nnothing before", None),
        ("Sent from my desk, which is much easier.", None),
    ],
)
def test_signatures(text: str, cut: str | None) -> None:
    assert signature.split(text.split("\n"))[1] == cut


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("your-email", "email"),
        ("E-Mail-Adresse *", "email"),
        ("Téléphone (obligatoire):", "phone"),
        ("Nachname", "last_name"),
        ("Ihre Nachricht", "message"),
        ("Código postal", "postcode"),
        ("Azienda", "company"),
        ("Lieblingsfarbe", None),
    ],
)
def test_form_labels(label: str, key: str | None) -> None:
    assert form_labels.canonical(label) == key


def test_no_label_means_two_fields_in_one_language() -> None:
    for language, fields in LABELS.items():
        labels = [label for line in fields.values() for label in {one.casefold() for one in line.split("|")}]
        twice = {label for label in labels if labels.count(label) > 1}
        assert not twice, (language, twice)


def test_every_problem_has_its_sentence() -> None:
    assert set(EXPLAINED) == set(Code)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Doe, John; Roe, Jane", [("Doe, John", None), ("Roe, Jane", None)]),
        ("Doe, John <j@d.example>; Roe, Jane <j@r.example>, x@y.example",
         [("Doe, John", "j@d.example"), ("Roe, Jane", "j@r.example"), (None, "x@y.example")]),
        ('"John";<j@d.example>;"Jane";<j@r.example>;', [("John", "j@d.example"), ("Jane", "j@r.example")]),
        ("<a@b.example>、Jane<j@r.example>", [(None, "a@b.example"), ("Jane", "j@r.example")]),
        ("Jane Roe/ACME@ACME, John Doe/DE/ACME@ACME", [("Jane Roe/ACME", None), ("John Doe/DE/ACME", None)]),
        ("John <j@d.example>  Jane <j@r.example>", [("John", "j@d.example"), ("Jane", "j@r.example")]),
        ("John Doe (j@d.example) <j@d.example>", [("John Doe", "j@d.example")]),
        ("John &lt;j@d.example&gt;", [("John", "j@d.example")]),
        ("John Doe [SMTP:j@d.example]", [("John Doe", "j@d.example")]),
        ("undisclosed-recipients:;", []),
    ],
)  # fmt: skip
def test_people_in_forwarded_text(written: str, found: list[tuple[str | None, str | None]]) -> None:
    assert people.read(written) == tuple(Mailbox(name, address) for name, address in found)
