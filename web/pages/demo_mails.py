"""What the demo's made-up prospects write. Data only; every domain is reserved for examples (RFC 2606)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoMail:
    """One prospect and the mail."""

    name: str
    local_part: str
    domain: str
    subject: str
    text: str


MAILS = (
    DemoMail("Maria Berger", "maria.berger", "berger-bau.example", "Anfrage: Bürostühle für 12 Plätze",
             "Guten Tag,\n\nwir suchen zwölf Bürostühle bis Ende des Monats. Was können Sie anbieten?\n\nMaria Berger\n"),
    DemoMail("Tom Fisher", "tom", "fisher-and-sons.example", "Meeting room furniture",
             "Hi,\n\nwe are moving to a new office and need tables for three meeting rooms.\n\nThanks,\nTom\n"),
    DemoMail("Claire Martin", "c.martin", "atelier-martin.example", "Delivery times for standing desks?",
             "Hello,\n\nhow long does it take to deliver eight standing desks to Lyon?\n\nClaire Martin\n"),
    DemoMail("Jonas Weiß", "jonas.weiss", "weiss-werbung.example", "Rückruf erbeten",
             "Hallo,\n\nbitte rufen Sie mich wegen des Katalogs an: 030 5550 1234.\n\nJonas Weiß\n"),
    DemoMail("Priya Shah", "priya", "shah-consulting.example", "Quote for acoustic panels",
             "Hello,\n\ncould you quote 40 square metres of acoustic panels?\n\nBest regards\nPriya Shah\n"),
    DemoMail("Luca Rossi", "luca", "rossi-design.example", "Showroom visit next week",
             "Hello,\n\nmay I visit your showroom on Thursday? I am planning a hotel lobby.\n\nLuca\n"),
)  # fmt: skip
