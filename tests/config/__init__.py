"""Tests of the roof: settings, the process tree, Redis, the command line, with real processes."""
