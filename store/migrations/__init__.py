"""Brings a database to the present schema, step by step; run through `store.migrate`, never by Alembic's command.

Each file in versions/ is one step and knows only the schema of its own day: plain SQLAlchemy types, none of ours.
env.py is Alembic's way in. It must not open a connection of its own: `store.migrate` holds the one lock.
"""
