"""What people see in a browser: a thin layer over the store and over the views of the API, which it calls.

It knows what `web` knows. No page decides who may see or do something: the store does. Every page works without
JavaScript; htmx only saves a reload where something is awaited. Text is English, marked for `web.translating`.

Rooms
-----
route        types of the page table;  routes: the table itself
desk         carries a visit out: session, form token, transaction, view, answer;  forms: those that come back
words        names of outcomes, states, steps and notices, to be translated;  wrong: what went wrong;  trail: receipts
trust_words  why a sender is trusted or is not
entry        set-up link, log in, log out, light and dark;  you: language, time zone, own sessions
passwords    one's own changed; links by which one is set
team         users, levels, removal, teams;  settings: the account's
start        the first lead: addresses, test mail, demo data;  demo_mails: their texts
inbox        messages with their receipts: list, one, raw, HTML, reading again, resolving holds
lead_pages   leads: list, one, changes, comments, who sees one
sources      all sources, and addresses;  source_mailboxes, source_forms, source_partners: the others
source_states   how one fares, in words, with what mends it
upload       mails as files, handed in;  mail_domain: DNS records to copy, each checked
hooks        webhooks and what was sent to them
status       listener, workers, queues, database, Redis, disk, backup, version
"""
