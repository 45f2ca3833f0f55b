"""Bytes in, an understood message out: the pure ground on which everything else stands.

Knows RFC 5322 and MIME, the habits of mail programs, and nothing else: no database, no network, no settings,
no clock. Every function here is linear in the size of its input and never raises on what a stranger sent;
whatever is odd becomes a `Problem` on the message.

Rooms:
    understand     the one door: bytes -> Message (the parse contract)
    jsonl          one file -> one dict for `leadgate parse --jsonl`, whatever happens
    message        the types of an understood message and their JSON
    person         what a signature says about somebody: a type
    problems       every problem code, in one place
    limits         counts and cuts in the raw bytes before any parser sees them
    header_fields  a header block as bytes: fields, folding, and which of them a parser is shown
    header_date    the Date field
    header_mailbox one mailbox in an address field
    mime           raw bytes -> headers and parts; the only room that imports mail-parser
    parts          one entity of a message and its bytes
    parameters     of Content-Type and Content-Disposition
    written_files  files inside a text: uuencode, yEnc
    encoded_words  RFC 2047 and raw 8-bit header text -> str
    addresses      address lists as they are really written, in headers and in forwarded text
    people         the same, as mail programs write them into forwarded text
    charsets       charset names as they are really written -> text
    text           the right body of the alternatives, as text
    plain_text     text/plain and text/enriched as they were meant: flowed lines, line ends
    html_text      HTML -> text; keeps label/value rows, quotes and links
    html_writer    the lines that makes
    textlines      the lines of a text, with their quote depth, as the rooms below look at them
    header_block   "From: … Sent: … To: … Subject: …" inside a text
    header_line    the same, all on one line
    attribution    "On … X wrote:" inside a text
    attribution_words  the words such a line is known by
    author         who wrote and when, out of such a line
    separator      "---- Forwarded message ----" inside a text
    boundaries     where an older mail begins inside a text
    dates          localised dates -> ISO 8601
    forward        who wrote what is forwarded here
    reply          the newest text without quotes and signature
    automatic      bounce, auto-reply, list, bulk, …
    forwarding_confirmation  Gmail's question whether it may forward mail
    bounce         whether it is one, which recipients failed, and why
    bounce_words   the same from plain words
    structured/    leads as data: ADF, JSON, CSV, XML, vCard -> rows
    template/      partner templates: learnt from an example, applied to the mails that come next
    patterns       patterns people wrote, by RE2
    phrases        whether one of many phrases stands in a text, by RE2
    form_mail      the fields of form notifications, and what is none
    form_labels    what a label means
    form_fields    the fields of rows
    form_cells     rows of tables as pairs of label and value
    form_lines     which lines may be labels, however they are written
    form_places    which of them are, and where the site's own words begin
    form_message   where the visitor's text ends
    form_rows      labels and values, in order
    form_table     the same of HTML: tables, bold labels
    form_post      what was posted to a form's own address, as a message
    form_body      its fields and files: urlencoded, multipart, JSON
    file_names     names of files that strangers send
    commands       #tag @owner !standby … in a note or a subject
    signature      where a signature begins
    contact        whose signature it is, where that is sure
    contact_lines  name, job title, company, numbers, addresses out of its lines
    disclaimer     where a disclaimer begins
    locale_*       data only: labels, phrases, dates, form labels, closings, labels of lead files, words of automatic
                   mail, disclaimers, charset labels
"""
