"""On the real broker and registry: the same answer as in memory and as the oracle, also under kills."""
