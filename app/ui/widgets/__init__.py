"""The hand-painted widgets of the window."""
