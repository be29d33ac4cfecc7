"""Early warning: `detect` judges a day by the days before, `chance` says how rare a count is, `silence` who reports no more, `stage` keeps it all."""
