"""Tests of the doors and of what happens behind them."""
