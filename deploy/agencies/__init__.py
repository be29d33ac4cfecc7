"""Agency files before they go live: checked, explained, compared, tried on the standing cases, and approved by a second person."""
