"""What a visitor reads after a post, in English and German. A table of its own: these pages are the site's visitors',
whose language the form says (`_lang`) or the browser asks for."""

from collections.abc import Mapping

LANGUAGES = ("en", "de")

TEXTS: Mapping[str, tuple[str, str]] = {
    "thanks_title": ("Thank you", "Vielen Dank"),
    "thanks": ("Your message has arrived.", "Ihre Nachricht ist angekommen."),
    "files_title": ("A file could not be taken", "Eine Datei konnte nicht übernommen werden"),
    "files": (
        "Your text has arrived. Please send these files in another way:",
        "Ihr Text ist angekommen. Bitte senden Sie diese Dateien auf anderem Weg:",
    ),
    "large": ("{file} is larger than 10 MB", "{file} ist größer als 10 MB"),
    "many": ("{file} is one file too many: 10 may be sent", "{file} ist eine Datei zu viel: 10 sind möglich"),
    "all": (
        "{file} is too much: all files may have 25 MB",
        "{file} ist zu viel: alle Dateien dürfen 25 MB haben",
    ),
    "not_now_title": ("Your message could not be stored", "Ihre Nachricht konnte nicht gespeichert werden"),
    "not_now": (
        "That is our fault. Everything you wrote stands below: please send it again in a minute.",
        (
            "Das liegt an uns. Alles, was Sie geschrieben haben, steht unten: Bitte senden Sie es in einer Minute noch "
            "einmal."
        ),
    ),
    "slow_title": ("Too many messages", "Zu viele Nachrichten"),
    "slow": (
        (
            "Many messages came from your connection just now. Everything you wrote stands below: please send it again "
            "in a minute."
        ),
        (
            "Von Ihrem Anschluss kamen gerade viele Nachrichten. Alles, was Sie geschrieben haben, steht unten: Bitte "
            "senden Sie es in einer Minute noch einmal."
        ),
    ),
    "choose_again": (
        "Files are not kept: go back to choose them again.",
        "Dateien bleiben nicht erhalten: Gehen Sie zurück, um sie neu auszuwählen.",
    ),
    "again": ("Send again", "Noch einmal senden"),
    "wrong_title": ("Your message was not taken", "Ihre Nachricht wurde nicht angenommen"),
    "gone": ("This form does not exist any more.", "Dieses Formular gibt es nicht mehr."),
    "origin": (
        "This form may not be used from this website.",
        "Dieses Formular darf von dieser Website nicht benutzt werden.",
    ),
    "kind": (
        "It came in a format that forms do not have.",
        "Sie kam in einem Format, das Formulare nicht haben.",
    ),
    "no_json": (
        "It is no JSON object, so nothing of it could be read.",
        "Sie ist kein JSON-Objekt; darum war nichts davon zu lesen.",
    ),
    "no_post": (
        "This is where a form is sent to: there is nothing to read here. Go back to the form to write to us.",
        (
            "Hierher wird ein Formular gesendet: Zu lesen gibt es hier nichts. Gehen Sie zum Formular zurück, um uns "
            "zu schreiben."
        ),
    ),
    "no_post_title": ("Nothing to see here", "Hier ist nichts zu sehen"),
    "empty": ("Nothing was filled in.", "Es wurde nichts ausgefüllt."),
    "too_long": ("The text is longer than 1 MB.", "Der Text ist länger als 1 MB."),
}


def say(key: str, language: str, **filled: str) -> str:
    """A text in `language`, one of LANGUAGES."""
    return TEXTS[key][LANGUAGES.index(language)].format(**filled)
