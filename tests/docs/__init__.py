"""README.md and docs/ do what they say: their lines are run, their links followed, their words known.

Rooms:
    pages     what stands on a page: shell blocks, programs, links
    newcomer  a clean checkout, and terminals that a page's lines are typed into
"""
