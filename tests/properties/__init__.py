"""Properties of the whole path, in memory: whatever arrives, in whatever order, however often and in whatever batches, the oracle's answer stands."""
