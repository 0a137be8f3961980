"""The application: everything that knows what a session is."""
