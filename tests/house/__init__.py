"""The house's own rooms: what checks and keeps the layout, the lock and the start. Nothing shipped imports it.

It must not know what leadgate does with a message.

Rooms:
    lint      `./run lint`: one table of checks
    shape     the checks that no tool brings: file length, docstrings of folders, reasons of type ignores
    lock      `./run lock`: makes the lock files, and proves that plain pip can install them everywhere
    reference the pages of docs/reference that are made from the code
    noskip    pytest plugin: in CI a skipped test is a failed one
"""
