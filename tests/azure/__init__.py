"""Opt-in tests on a real subscription."""
