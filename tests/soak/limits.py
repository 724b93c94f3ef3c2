"""What a run promises."""

# After a fault is over, every server grants within so long.
RECOVERS_WITHIN_S = 10.0
