"""Everything that leaves: webhook deliveries and notification mail.

This folder turns events into signed requests, decides where they may go, sends them and says when to try
again. It must not know how mail comes in, what the pages look like, or who may see which lead: what goes into
a payload has been chosen, and masked, by its caller.

`payload`, `schema`, `signature`, `retry`, `destination` and `attempt` are pure: no store, no network, no clock.

Rooms
- `exceptions`   the folder's exceptions
- `payload`      the versioned JSON body of a delivery
- `schema`       its published JSON Schema
- `signature`    Standard Webhooks signatures and secrets
- `destination`  which URLs and addresses may be reached
- `attempt`      one request and what came of it, as values
- `retry`        the schedule as data, and the decision after an attempt
- `sender`       one attempt over the network, many at once on one event loop
- `resolver`     host names to checked addresses
- `dispatch`     which endpoints an event goes to, and with what body
- `deliver`      claims what is due, sends it, records it
- `dial`         from a mail server's name to a socket, to addresses that may be reached only
- `mail`         outgoing mail
- `lanes`        who is sent to next: a dead endpoint delays no other
- `letter`       a claimed delivery as a signed request, and what is recorded of it
"""
