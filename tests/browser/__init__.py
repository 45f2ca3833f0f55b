"""The pages in a real browser: Debian's chromium through Playwright, at a real server on loopback.

Skipped with a sentence where Playwright or chromium is missing. `stage` starts the pages over a database with
ingestion beside them; `vendor/` holds axe-core (MPL-2.0, see its licence), which is used here and nowhere else.
LEADGATE_TEST_SCREENSHOTS names a folder to keep pictures of every page in.
"""
