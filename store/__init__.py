"""The store: tables, transactions, who may see what, and every operation that changes data.

It knows `rules` and `parsers` (their values are kept in rows) and nothing above it: no doors, no pages,
no HTTP, no settings. Every function takes an open connection first, then an `AccountScope` (jobs) or a
`Viewer` (people): no statement runs without naming its account, but for the claims listed in
`session.ACROSS_ACCOUNTS`.

Rooms
-----
tables/      the schema, by noun; `migrations/` brings a database to it
driver       which SQLite and which PostgreSQL driver is used, and with which settings
session      engines, read and write transactions, the database's clock
ids          opaque, time-ordered ids
types        column types that mean the same on SQLite and PostgreSQL
scope        AccountScope (jobs) and Viewer (people): the first argument of every operation
locks        advisory locks of the effect transaction
leases       claiming rows with lease and fencing token: messages, events, deliveries, mailboxes
accounts     making and reading accounts, users, addresses, keys
inbound      the addresses that mail comes to
own_addresses   the sender addresses of users: "was this you?" answered;  address_links: by mail
inbound_list   the same as admins keep them;  address_details: what leads of an address begin with
partners     partners: who may send leads to an address of their own;  forwarders: who may break a sender's proof
confirmations   what Gmail asks before it forwards
source_health   last message, numbers, alarms of sources;  source_watch: raises them;  rhythm: how often a source sends
addresses    normal forms of addresses, masks of secrets, computed lead addresses
keys         API keys and deployment keys;  passwords: argon2id;  setup: an account made whole
sessions     people who are logged in, revocable here;  password_links: by which a user sets a password
why_visible  who sees a lead and why;  previews: what other settings would show;  leaving: what hangs on a user
teams        teams and who plays which part in them
directory    what reading a mail must know of its account: users, inbound addresses, never-log list
arriving     writing what a door accepted: messages, arrivals, counters
receipts     writing what became of a message: outcome, parse, hold;  reasons: why, in sentences
raw          raw bytes in chunks
contacts     people outside and their addresses
matching     which leads a message could belong to, known for a whole batch
known_mail   whether a forwarded mail is in a timeline already
lead_ops     every change of a lead, with its history line and its event
lead_shelf   the leads a transaction works on, read and written together;  lead_rows: a lead's rows;  pending_rows
lead_requests, user_requests   what people ask to be done with leads and users, with access and locks
leads        leads as JSON;  lead_lists: filtered and paged for a viewer (paging: cursors)
history      writing timeline entries;  history_views: a timeline cut to its viewer
message_views, message_json    messages and receipts cut to their viewer;  message_access: how much one sees
masking      secrets of addresses, hidden from all but their user and admins
folding      the form in which titles, tags and names are compared
events       writing events
event_log    events as one viewer sees them, with what the rules did
facts        what rules see of an event
rulebook     rules, their order and versions;  compiled_rules: as they are evaluated, kept per process
plans        stored plans, what became of their actions, the end of an event
draws        whose turn it is in a rule's pool
senders      allowed and blocked senders
confirmation_mail   what a form's visitors get by mail;  confirmation_text: what it says
forms        forms of websites;  form_prints: the same post twice, and beside the site's mail
mailboxes    IMAP mailboxes as people keep them;  mailbox_values: their settings, checked;  mailbox_cursor: how far
             they were read;  mailbox_leases: who reads them;  mailbox_views: as people see them
endpoints    webhook endpoints, their subscriptions and sealed secrets
outbox       making and claiming deliveries;  attempts: recording what came of them
smarthosts   the mail server of an account
outgoing     mail to be sent, taken or refused;  account_mails: those about users;  outgoing_work: claiming and
             recording;  outgoing_bounces: what came back;  outgoing_retention: when
             their texts are forgotten;  outgoing_log: as JSON, and sending again
delivery_log deliveries with their attempts as JSON, and sending them again
sealing      AES-GCM for what opens other systems' doors
upsert       INSERT … ON CONFLICT on both databases
access       who sees and edits what, as SQL conditions
books/       the proofs of `leadgate check`;  figures: of the deployment;  archive: all rows as lines of JSON
planner      what PostgreSQL knows of tables that grow fast
migrate      brings a database to this version's schema;  heartbeats: which processes live
demo         demo data, and taking it away
idempotency  answers kept for repeated requests
doorbell     rings the workers through RQ
"""
