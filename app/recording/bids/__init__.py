"""A session as EMG-BIDS: BDF+ and the tables around it. What it means stands in docs/recording.md."""
