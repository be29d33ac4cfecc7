"""Reports by text message."""
