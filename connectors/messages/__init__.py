"""Reports of a village clinic by text message: `format.yaml` says what may be written, `read` reads it, `write` writes it, `held` keeps parts of long ones."""
