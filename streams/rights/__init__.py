"""Rights of residents: `complaints` says how far a complaint is, `closures` whether a decision allows one; the stage `supervision` keeps both."""
