"""Events, conditions, intended actions: what an account wants to happen, as pure values.

Given an event, a snapshot of facts and the account's rules, this folder says what *should* be done, and
why. It does nothing: no database, no network, no clock, no chance (`rules.effects.Choose` is a value that
somebody else draws). It must not know SQLAlchemy, Flask, Redis, RQ or any door; of the project it may import
`parsers` only.

Rooms
- `exceptions`  the folder's exceptions
- `event`       the event catalogue, actors, chains of causes, event filters
- `reading`     one value of a JSON document together with its place in it
- `fields`      table name -> field, and the facts as conditions read them
- `operators`   table operator -> how it is compiled
- `conditions`  checks, the groups all/any/none, and their trace
- `effects`     the values a rule intends
- `actions`     table action name -> how its JSON becomes an effect and back
- `rule`        a rule and its JSON form
- `plan`        what evaluating a rule gave: verdict, trace, effects, and their JSON form
- `engine`      evaluate(event, facts, rules) -> Outcome
"""
