"""Tests of `rules`, one file per room."""
