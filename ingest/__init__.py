"""Everything that comes in: the doors, and what happens from the first byte to the receipt.

It knows `store`, `parsers` and `rules`; it is blind to `web`, and never reads settings.

A door (`listening`, `imap`, `pipe`, …) stores bytes and connection facts through `accept` and answers. What
the message means is found out afterwards, from the store, by `process`.

Rooms
-----
accept        the one door: group commit through one writer thread, 250 only after the commit
address_book  which account and kind an envelope recipient is
listening/    SMTP and LMTP;  pipe: the message on standard input;  peek: a Message-ID read at the door
imap/         mailboxes that are kept elsewhere
process       drains pending messages: claim, judge, prepare, settle;  decide: a batch in its open transaction
reading_ahead a second process that reads the mails of a batch meanwhile
gather        what a batch of claimed messages needs to know, read at once;  letter: the values handed on
prepare       the steps that need no transaction: parse, automatic?, identify, read;  watchdog: their time limit
trust/        what the sender's domain proves: SPF, DKIM, DMARC, trusted results; outside any transaction
mail_domain   what the DNS says of an account's mail domain
identify      who sent this, and may they act as a user (product §6);  forwarders: listed ones it came through
read          what the message says, by kind of address (product §3);  forwards: what a user passes on
partners      what a partner sends
posts         what a form post says;  known_posts: the same twice, and beside the site's mail;  confirm: to its visitor
spam          blocked senders, folders for spam, a post's signs
outside       who of those it names is somebody outside
match         which leads it belongs to: a pure decision over candidates
addressed     the leads that a mail was addressed to
effect        the effect transaction: deduplicate, match, lead, history, events;  timeline: entries of mails
receiving     one message being decided: its trail, its editor, its receipt
returned      bounces of our own mail
resolve       a person decides about a held message;  reprocess: reading a message again
copies        the same mail by another way: which of the two stays
held_beside   what else is held of a conversation that a person decided about
at_once       rules, actions and deliveries of a mail's events, in the transaction that decides the mail
automate      drains the events that are pending, in the same way;  acting: actions locked and carried out
effects       what a rule does on a lead: one table effect -> how
"""
