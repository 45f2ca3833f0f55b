"""Tests of web.form_door."""
