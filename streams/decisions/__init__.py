"""What two people decide and the bus obeys: levels and risk areas, from signed proposals, approvals and ends."""
