"""The books: proofs from independent records that nothing was lost or counted twice (product §3).

Rooms: `proofs` the list and `prove`, which goes through it; `accepted` proof (a), `filed` proof (b),
`decided` proofs (c), (d), (e), `mailboxes` proof (f); `contradiction` what they share.
"""
