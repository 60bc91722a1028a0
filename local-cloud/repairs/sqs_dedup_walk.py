"""Sending to a FIFO queue looks only at the deduplication entries that have expired.

Without it each send copies the whole five-minute cache, so the cost of a send grows with the
sends before it.
Upstream: ministack.services.sqs._prune_dedup.
"""

from ministack.services import sqs

from patching import replace


def apply():
    replace(sqs, "_prune_dedup", lambda walk_all: forget_expired)


def forget_expired(queue):
    """Entries live equally long and a dict keeps their order, so the expired ones stand first."""
    cache, now = queue["dedup_cache"], sqs.time.time()
    try:
        while cache and cache[oldest := next(iter(cache))]["expire"] <= now:
            del cache[oldest]
    except (KeyError, RuntimeError, StopIteration):
        # Another thread sent at the same moment: what is left expires with the next send.
        return
