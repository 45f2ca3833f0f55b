"""Tests of the web application: over real ingestion and a real database, with Flask's client and a real socket."""
