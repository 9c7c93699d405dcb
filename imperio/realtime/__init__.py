"""What leaves at once: the bus, the outbox relay, the per-worker hub, SSE streams and sockets.

The way of an event: `Bus.publish` appends it to the one ordered log, every worker's `Hub` tails that log once and hands
the event, encoded once, to its local subscribers. Nothing here knows what an event means.
"""
