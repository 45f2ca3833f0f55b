"""Who a mail comes from, as far as its domain can prove it: SPF, DKIM, DMARC, and what a trusted mail server says.

Outside any transaction, before a mail is read. The result is kept with the message and never found out anew.

Rooms
-----
judging       the mails of a batch, side by side; what is not answered stays pending
examine       finding out about one mail;  evidence: what was found, and the table of rules that judges it
judgement     what is kept;  hops: the operator's own mail servers
resolver      the DNS, with deadline and memory; replaceable
fields        the header as a signature sees it;  canonical: what is hashed of header and body
dkim          signatures;  spf: the client, spf_macros;  dmarc: policies, and which domain fits From
authentication_results   the field of that name, where it may be believed
"""
