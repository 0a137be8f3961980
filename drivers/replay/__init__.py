"""Replay of a recording as if it were live."""
