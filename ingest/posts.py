"""Reading a form post: whom it names, what it says (product §2, Form details).

A post is what a form's door took (`Letter.by_post`), understood by `parsers.form_post`.
"""

from ingest.letter import Letter, Reading, person
from ingest.outside import may_be_contact, plain_subject, visitor
from parsers.form_post import understand
from parsers.message import Message
from parsers.understand import ParseOptions


def understand_post(raw: bytes, options: ParseOptions) -> Message:
    """The parser of posts, as `prepare` calls parsers."""
    del options
    return understand(raw)


def read_post(letter: Letter, message: Message) -> Reading:
    """A form post, or a notification of one that left a number alone. Nobody is held for what stands in a field:
    whoever leaves no address leaves a name or a number."""
    written = visitor(message.fields)
    author = person(written) if may_be_contact(letter.directory, written) else None
    called = (author and author.address) or written.name or message.fields.get("phone", "")
    return Reading(
        direction="in",
        people=(author,) if author else (),
        author=author,
        subject=plain_subject(message.subject),
        text=message.text,
        fields=dict(message.fields),
        owner_id=letter.owner_id,
        called=called,
    )
