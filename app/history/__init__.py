"""The database of people, sessions, sets and reps: an index that can be made anew from the session folders."""
