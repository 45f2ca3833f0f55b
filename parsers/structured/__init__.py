"""Leads that come as data: ADF, JSON, CSV, XML and vCard, in the body of a mail or attached to it, as rows.

One table (`table.READERS`) says which reader takes a document: what it looks like first, then what its type and
file name claim. A reader gives records of cells, a cell being a place, a value as written and the canonical key it
stands for, if any. `rows` makes rows of them: values that can be read for certain are normalised, every other stays
as written with a problem, and nothing is dropped in silence. `reading` finds the documents of a message and says
whether they are what the mail is for (`Structured.counts`) or only hang on a person's mail.

Every reader is lenient and bounded (`bounds`): it reads what it can of broken documents, in linear time, expands no
entities but the characters HTML names, opens nothing, and keeps formulas as the text they are.

Rooms:
    rows       Row, Structured and their JSON; cells -> rows
    bounds     how much of a document is read
    values     numbers, amounts, dates: normalised where they are certain
    labels     a label or a path -> canonical key
    decoding   the bytes of a document -> text
    markup     XML as it is really sent -> a tree
    tree       the tree XML and JSON share: where its records are, a record -> cells
    adf        ADF 1.0, the car trade's lead format
    xml_leads  XML of unknown shape
    json_leads JSON of unknown shape
    csv_cells  text with separators -> rows of cells
    csv_rows   CSV: titles, header, rows, totals
    vcard      vCard 2.1, 3.0 and 4.0
    table      which reader takes which document
    purpose    whether the rows count
    reading    the documents of a message -> Structured
"""
