"""Every way of writing a form notification in every language: the same fields come out of all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import pytest

from parsers.understand import understand

Pairs = Sequence[tuple[str, str]]

# Subject, introduction, footer, and the labels of: first name, last name, e-mail, telephone, company, subject,
# message, a question nobody knows, the page.
LANGUAGES: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "en": (
        "New form submission", "You have received a new message from your website:",
        "This e-mail was sent from a contact form on Acme (https://acme.example)",
        ("First name", "Last name", "Email", "Phone", "Company", "Subject", "Message", "Roof type", "Page URL"),
    ),
    "de": (
        "Neue Kontaktanfrage", "Sie haben eine neue Nachricht über das Kontaktformular erhalten:",
        "Diese E-Mail wurde über das Kontaktformular auf Acme (https://acme.example) gesendet",
        ("Vorname", "Nachname", "E-Mail-Adresse", "Telefonnummer", "Firma", "Betreff",
         "Nachricht", "Dachform", "Seiten-URL"),
    ),
    "fr": (
        "Nouveau message de votre site", "Vous avez reçu un nouveau message via le formulaire de contact :",
        "Cet e-mail a été envoyé via le formulaire de contact de Acme (https://acme.example)",
        ("Prénom", "Nom", "Adresse e-mail", "Téléphone", "Société", "Objet",
         "Votre message", "Type de toit", "URL de la page"),
    ),
    "es": (
        "Nuevo mensaje desde su web", "Ha recibido un nuevo mensaje desde el formulario de contacto:",
        "Este mensaje se ha enviado desde un formulario de contacto en Acme (https://acme.example)",
        ("Nombre", "Apellidos", "Correo electrónico", "Teléfono", "Empresa", "Asunto",
         "Mensaje", "Tipo de tejado", "URL de la página"),
    ),
    "it": (
        "Nuovo messaggio dal sito", "Hai ricevuto un nuovo messaggio tramite il modulo di contatto:",
        "Questa e-mail è stata inviata da un modulo di contatto su Acme (https://acme.example)",
        ("Nome", "Cognome", "Indirizzo e-mail", "Telefono", "Azienda", "Oggetto",
         "Messaggio", "Tipo di tetto", "URL della pagina"),
    ),
    "nl": (
        "Nieuw bericht via uw website", "U heeft een nieuw bericht via het contactformulier ontvangen:",
        "Dit bericht is verzonden via het contactformulier op Acme (https://acme.example)",
        ("Voornaam", "Achternaam", "E-mailadres", "Telefoonnummer", "Bedrijfsnaam", "Onderwerp",
         "Bericht", "Soort dak", "Pagina URL"),
    ),
    "pt": (
        "Nova mensagem do seu site", "Você recebeu uma nova mensagem pelo formulário de contato:",
        "Esta mensagem foi enviada pelo formulário de contato de Acme (https://acme.example)",
        ("Nome", "Sobrenome", "E-mail", "Telefone", "Empresa", "Assunto",
         "Mensagem", "Tipo de telhado", "URL da página"),
    ),
    "pl": (
        "Nowa wiadomość ze strony", "Otrzymano nową wiadomość przez formularz kontaktowy:",
        "Ta wiadomość została wysłana przez formularz kontaktowy na stronie Acme (https://acme.example)",
        ("Imię", "Nazwisko", "Adres e-mail", "Telefon", "Firma", "Temat",
         "Wiadomość", "Rodzaj dachu", "Adres URL strony"),
    ),
}  # fmt: skip
KEYS = ("first_name", "last_name", "email", "phone", "company", "subject", "message", None, "page_url")
MESSAGE = (
    "Hello,\n\nplease call me at 10:30 or see https://roof.example/a:b?c=d\n- two roofs: flat\n- one gate\n\n"
    "Address: 5 High Street, and mind the dog!\nThanks"
)
VALUES = ("Zoë", "Groß-Müller", "zoe@mueller.example", "+49 (0)30 123-45", "Müller & Co. KG", "Two roofs", MESSAGE,
          "Flat", "https://acme.example/contact?utm_source=x&b=1:2")  # fmt: skip


def below(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")


def rows(pairs: Pairs, row: str) -> str:
    return "".join(row.format(label=escape(label), value=below(value)) for label, value in pairs)


TEXT: dict[str, Callable[[Pairs], str]] = {
    "colon": lambda pairs: "\n".join(f"{label}: {value}" for label, value in pairs),
    "colon, blank lines between": lambda pairs: "\n\n".join(f"{label}: {value}" for label, value in pairs),
    "colon, blanks around": lambda pairs: "\n".join(f"{label} : {value}" for label, value in pairs),
    "colon, columns": lambda pairs: "\n".join(f"{label + ':':24}{value}" for label, value in pairs),
    "value below a colon": lambda pairs: "\n\n".join(f"{label}:\n{value}" for label, value in pairs),
    "value below a star": lambda pairs: "\n\n".join(f"*{label}*\n{value}" for label, value in pairs),
    "stars": lambda pairs: "\n".join(f"*{label}:* {value}" for label, value in pairs),
    "two stars": lambda pairs: "\n\n".join(f"**{label}**: {value}" for label, value in pairs),
    "dashes around": lambda pairs: "\n\n".join(f"--- {label} ---\n\n{value}" for label, value in pairs),
    "equals around": lambda pairs: "\n\n".join(f"== {label} ==\n{value}" for label, value in pairs),
    "underlined": lambda pairs: "\n\n".join(
        f"{label}\n{'-' * len(label)}\n{value}" for label, value in pairs
    ),
    "numbered": lambda pairs: "\n\n".join(
        f"{i}. {label}\n{value}" for i, (label, value) in enumerate(pairs, 1)
    ),
    "headings": lambda pairs: "\n\n".join(f"## {label}\n\n{value}" for label, value in pairs),
}
HTML: dict[str, Callable[[Pairs], str]] = {
    "table": lambda pairs: f"<table>{rows(pairs, '<tr><td>{label}</td><td>{value}</td></tr>')}</table>",
    "table, heads": lambda pairs: f"<table>{rows(pairs, '<tr><th>{label}:</th><td>{value}</td></tr>')}</table>",
    "table, paragraphs": lambda pairs: (
        f"<table>{rows(pairs, '<tr><td><p><b>{label}</b></p></td><td><p>{value}</p></td></tr>')}</table>"
    ),
    "table, label above": lambda pairs: (
        f"<table>{rows(pairs, '<tr><td><strong>{label}</strong></td></tr><tr><td>{value}</td></tr>')}</table>"
    ),
    "table, label above, indented": lambda pairs: (
        "<table><tr><td><table>"
        + rows(pairs, "<tr><td colspan=2><b>{label}</b></td></tr><tr><td>&nbsp;</td><td>{value}</td></tr>")
        + "</table></td></tr></table>"
    ),
    "table in tables": lambda pairs: (
        "<table><tr><td><table><tr><td colspan=2><h2>Acme</h2></td></tr>"
        + rows(pairs, "<tr><td width=30%>{label}</td><td>{value}</td></tr>")
        + "</table></td></tr><tr><td>&copy; Acme 2026</td></tr></table>"
    ),
    "one table a field": lambda pairs: rows(
        pairs, "<table><tr><td><b>{label}</b></td></tr><tr><td>{value}</td></tr></table>"
    ),
    "definition list": lambda pairs: f"<dl>{rows(pairs, '<dt>{label}</dt><dd>{value}</dd>')}</dl>",
    "bold, break": lambda pairs: rows(pairs, "<p><strong>{label}</strong><br>{value}</p>"),
    "bold, colon": lambda pairs: rows(pairs, "<p><strong>{label}:</strong> {value}</p>"),
    "bold, in lines": lambda pairs: rows(pairs, "<b>{label}:</b> {value}<br>"),
    "list": lambda pairs: f"<ul>{rows(pairs, '<li><strong>{label}:</strong> {value}</li>')}</ul>",
    "headings": lambda pairs: rows(pairs, "<h4>{label}</h4><p>{value}</p>"),
    "spans": lambda pairs: rows(
        pairs, '<div><span style="font-weight: bold">{label}</span><span> {value}</span></div>'
    ),
    "divs": lambda pairs: rows(pairs, '<div style="font-weight:700">{label}</div><div>{value}</div>'),
}  # fmt: skip


def order(language: str, message_last: bool) -> Pairs:
    pairs = list(zip(LANGUAGES[language][3], VALUES, strict=True))
    if message_last:
        pairs.append(pairs.pop(6))
    return pairs


def wanted(language: str) -> dict[str, str]:
    labels = LANGUAGES[language][3]
    return {key or label: value for key, label, value in zip(KEYS, labels, VALUES, strict=True)}


def folded(fields: dict[str, str]) -> dict[str, str]:
    return {key: " ".join(value.split()) for key, value in fields.items()}


def mail(language: str, body: str, kind: str) -> bytes:
    subject = LANGUAGES[language][0]
    return (
        f"From: Acme <wordpress@acme.example>\nTo: leads@acme.example\nSubject: {subject}\nMIME-Version: 1.0\n"
        f"Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}\n"
    ).encode()


@pytest.mark.parametrize("place", ["message last", "message before others"])
@pytest.mark.parametrize("style", TEXT)
@pytest.mark.parametrize("language", LANGUAGES)
def test_text(language: str, style: str, place: str) -> None:
    _, introduction, footer, _ = LANGUAGES[language]
    body = TEXT[style](order(language, place == "message last"))
    got = dict(understand(mail(language, f"{introduction}\n\n{body}\n\n--\n{footer}", "plain")).fields)
    assert folded(got) == folded(wanted(language))


@pytest.mark.parametrize("place", ["message last", "message before others"])
@pytest.mark.parametrize("style", HTML)
@pytest.mark.parametrize("language", LANGUAGES)
def test_html(language: str, style: str, place: str) -> None:
    _, introduction, footer, _ = LANGUAGES[language]
    body = HTML[style](order(language, place == "message last"))
    whole = f"<html><body><p>{introduction}</p>{body}<p>{footer}</p></body></html>"
    got = dict(understand(mail(language, whole, "html")).fields)
    assert folded(got) == folded(wanted(language))


@pytest.mark.parametrize("style", HTML)
def test_html_that_somebody_forwards(style: str) -> None:
    subject, introduction, footer, _ = LANGUAGES["de"]
    head = (
        "<p>Bitte übernehmen.</p><div>---------- Forwarded message ---------<br>"
        "Von: <b>Acme</b> &lt;wordpress@acme.example&gt;<br>"
        f"Date: Mo., 23. Nov. 2026 um 08:00 Uhr<br>Subject: {subject}<br>To: &lt;leads@acme.example&gt;<br></div><br>"
    )
    body = f"{head}<p>{introduction}</p>{HTML[style](order('de', True))}<p>{footer}</p>"
    message = understand(mail("de", body, "html").replace(b"Subject: ", b"Subject: Fwd: "))
    assert message.forwarded is not None
    assert folded(dict(message.fields)) == folded(wanted("de"))


# What visitors write: their signature, quotes, headers, lists, rules, labels, in none of which their text may end.
WRITTEN = {
    "a signature": "Hallo,\n\nbitte anrufen.\n\nMit freundlichen Grüßen\n\nKarl Ott\nOtt GmbH\nTel.: 0711 55501\n"
    "E-Mail: karl@ott.example\nwww.ott.example",
    "a quote": "Hallo,\n\nAm 1.1.2026 schrieb Acme:\n> Ihr Angebot\n> Preis: 5\n\nIst das noch gültig?",
    "headers": "Hallo,\n\nmeine alte Mail:\n\nVon: Karl Ott\nGesendet: Montag\nAn: Acme\nBetreff: Angebot\n\n"
    "Text der Mail.",
    "dashes": "Hi,\n\nplease call.\n\n--\nBob",
    "a list": "We need:\n1. Roof: flat\n2. Door: red\n3. Phone: wall mounted\n\nThanks",
    "measures": "Guten Tag,\n\nMaße:\nBreite: 120 cm\nHöhe: 80 cm\nFarbe: weiß\n\nDanke",
    "blank lines": "Hi\n\n\n\n\nplease call\n\n\n\nBob",
    "rules": "Part one\n\n-----\n\nPart two\n\n*****\n\nPart three",
    "one line": "Please call me.",
    "addresses": "See https://x.example/a?b=c:d\nand mailto:bob@x.example\nTime: 10:30",
    "a label": "Please write to:\nE-Mail: other@x.example\nthank you",
}


@pytest.mark.parametrize("written", WRITTEN)
def test_whatever_a_visitor_writes(written: str) -> None:
    _, introduction, footer, _ = LANGUAGES["de"]
    want = folded({**wanted("de"), "message": WRITTEN[written]})
    wrong = []
    for last in (True, False):
        pairs = [
            (label, WRITTEN[written] if label == "Nachricht" else value) for label, value in order("de", last)
        ]
        for style, render in TEXT.items():
            text = f"{introduction}\n\n{render(pairs)}\n\n--\n{footer}"
            wrong += [style] * (folded(dict(understand(mail("de", text, "plain")).fields)) != want)
        for style, render in HTML.items():
            text = f"<html><body><p>{introduction}</p>{render(pairs)}<p>{footer}</p></body></html>"
            wrong += [style] * (folded(dict(understand(mail("de", text, "html")).fields)) != want)
    assert not wrong
