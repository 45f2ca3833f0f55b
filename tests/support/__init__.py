"""What tests of several folders use: real servers on loopback, clients, mails, the statement guard.

postgres     a PostgreSQL server of one's own, from the wheel
databases    a fresh database in milliseconds, on SQLite and on PostgreSQL
statements   parses every statement that runs and names those that don't name their account
accounts     an account with an admin, made as `init` makes it
rows         looking into tables from a test, across accounts
processes    programs that end with the test process
deployment   a running leadgate, used and killed from outside
api          its API, with a key
receiver     a webhook receiver
mails        mails, written for the project
revise       (for developers) writes a migration
"""
