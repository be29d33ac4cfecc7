"""Supplies for those who see to them: `stand` reads what is there, `even` says what to send where, `costs` what a way costs, `report` what its source sends."""
