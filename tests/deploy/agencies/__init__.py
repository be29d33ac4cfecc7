"""Agency files before they go live."""
