"""The path from raw records to releases: pure stages, and the runtime that carries them."""
