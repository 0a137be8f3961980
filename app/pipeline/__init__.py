"""From blocks of samples to events and snapshots. No Qt."""
