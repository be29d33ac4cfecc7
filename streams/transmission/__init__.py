"""Who infected whom, as far as linked cases tell: `weights` says how likely one meeting explains an illness, `tree` who is the likeliest and what follows."""
