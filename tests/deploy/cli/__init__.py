"""The command `lianfang`."""
