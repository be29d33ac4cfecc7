"""Who has to do what about a linked case: `community` and `referral` say what follows from a case, `duty` how far it is at a moment, `stage` keeps it."""
