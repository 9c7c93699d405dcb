"""The interpreter's settings for a process with thousands of open connections."""

import gc

# Collections of the youngest, middle and oldest generation. An open connection is some hundred objects that live as
# long as it does; with Python's defaults the collector walks through all of them again and again: 5,000 connections
# mean pauses of half a second, and connecting costs half as much again (1.17 against 0.72 ms of CPU).
THRESHOLDS = (20_000, 50, 100)


def settle_memory() -> None:
    """Have the collector leave alone what was made at start, and look at the rest less often.

    To be called once per worker, when everything is wired and before it serves.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
