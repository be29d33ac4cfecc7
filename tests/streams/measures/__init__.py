"""The stages `measures` and `supervision`."""
