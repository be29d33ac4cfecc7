"""Known ways in which the engine loses, doubles or stands still: each seen on the engine as it comes, beside the same on ours. `deploy/engine.md` lists them."""
