"""/api/v1 (product §9). A call is a line in the table of `routes`; everything else reads that table.

It must not know SQL: each view reads the request, asks one function of `store`, and gives its JSON.

Rooms
-----
routes       the table: method, path, view, who may call, what it takes and gives
route        types of the table, of a call and of an answer
dispatch     carries a call out: who, how often, body, transaction, idempotency, answer
bodies, bodies_of_sources   the JSON that calls take
shapes, shapes_of_…   the JSON that calls give, by noun, for the description
queries      the query strings of lists, cursors and Link headers
accounts, users, teams, leads, messages, endpoints (webhooks), rulebook (rules), events   the views, by noun
addresses, mailboxes, forms, partners   sources;  outgoing: mail of our own and the server that sends it
description  OpenAPI 3.1 and its page, both made from the table
"""
