"""How many people stand in which cell: `cells` says what a linked case counts as, `counted` says it to each region, `stage` counts."""
