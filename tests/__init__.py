"""Tests; their folders mirror the packages. They run against real servers on loopback."""
