"""Each mapping from a table's stream is polled by a thread of its own, woken by each new record.

Without it one thread polls all queues and streams and runs the stream functions itself, so a slow
stream function holds up every other mapping.
Upstream: ministack.services.lambda_svc._poll_dynamodb_streams, _poll_loop.
"""

import logging
import threading

from ministack.services import dynamodb, lambda_svc

from patching import replace, rewrite

# A mapping that is enabled again or has waited out a failure is noticed after this time at the
# latest.
IDLE_SECONDS = 0.25
LOOK_FOR_MAPPINGS_SECONDS = 0.1

logger = logging.getLogger("inorder")


def apply():
    rewrite(
        lambda_svc,
        "_poll_dynamodb_streams",
        ("def _poll_dynamodb_streams():", "def _poll_dynamodb_streams(only_mapping):"),
        (
            '            if not esm.get("Enabled", True):\n                continue\n',
            '            if esm["UUID"] != only_mapping or not esm.get("Enabled", True):\n'
            "                continue\n",
        ),
    )
    poll_one = lambda_svc._poll_dynamodb_streams
    # The common poll loop finds nothing to do for streams.
    lambda_svc._poll_dynamodb_streams = lambda: False
    bell = _Bell()
    replace(dynamodb, "esm_wake", bell.ringing_too)
    threading.Thread(
        target=_keep_pollers, args=(poll_one, bell), daemon=True, name="stream-pollers"
    ).start()


class _Bell:
    """Wakes every poller at a new record; a ring between a look and a wait is not missed."""

    def __init__(self):
        self._changed = threading.Condition()
        self.rings = 0

    def ringing_too(self, common):
        """What stands in for the common wake-up event: rings this bell as well."""
        bell = self

        class Both:
            def set(self):
                common.set()
                bell.ring()

        return Both()

    def ring(self):
        with self._changed:
            self.rings += 1
            self._changed.notify_all()

    def wait_after(self, heard, seconds):
        with self._changed:
            self._changed.wait_for(lambda: self.rings != heard, timeout=seconds)


def _keep_pollers(poll_one, bell):
    pollers = {}
    pause = threading.Event()
    while True:
        for mapping in _stream_mappings():
            if mapping not in pollers or not pollers[mapping].is_alive():
                pollers[mapping] = threading.Thread(
                    target=_poll, args=(poll_one, bell, mapping), daemon=True, name="stream-poller"
                )
                pollers[mapping].start()
        pollers = {mapping: thread for mapping, thread in pollers.items() if thread.is_alive()}
        pause.wait(LOOK_FOR_MAPPINGS_SECONDS)


def _poll(poll_one, bell, mapping):
    while mapping in _stream_mappings():
        heard = bell.rings
        try:
            busy = poll_one(mapping)
        except Exception:
            # The mapping goes on with the next pass, as MiniStack's own loop does.
            logger.exception("polling the stream mapping %s", mapping)
            busy = False
        if not busy:
            bell.wait_after(heard, IDLE_SECONDS)


def _stream_mappings():
    return {
        esm["UUID"]
        for _account, _region, esm in lambda_svc._iter_all_esms()
        if ":dynamodb:" in esm.get("EventSourceArn", "")
    }
