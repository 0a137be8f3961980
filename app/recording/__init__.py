"""Sessions on disk: the recorder and its threads, the session folder, recovery. No Qt."""
