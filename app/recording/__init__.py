"""Sessions on disk: the recorder thread, the session folder, recovery. No Qt."""
