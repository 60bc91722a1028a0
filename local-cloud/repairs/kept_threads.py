"""Threads that have done their work wait for the next one.

Without it every call of a function and every task of a state machine starts a thread of its own,
because work that calls back into the server must never wait for a place in a bounded pool. Here
it never waits either: whoever finds no idle thread starts one.
Upstream: ministack.core.concurrency (run_reentrant, spawn_background),
ministack.services.stepfunctions._invoke_resource_with_timeout.
"""

import collections
import concurrent.futures
import logging
import queue
import threading
import types

from ministack.core import concurrency
from ministack.services import stepfunctions

from patching import rewrite

logger = logging.getLogger("inorder")

# As many as were ever busy at the same time.
_idle = collections.deque()


def apply():
    # A module of its own for that one: others go on starting real threads.
    concurrency.threading = types.SimpleNamespace(**{**vars(threading), "Thread": KeptThread})
    rewrite(
        stepfunctions,
        "_invoke_resource_with_timeout",
        ("pool = ThreadPoolExecutor(max_workers=1)", "pool = KeptExecutor()"),
        uses={"KeptExecutor": KeptExecutor},
    )


class KeptThread:
    """What is used of threading.Thread, on an idle thread where there is one."""

    def __init__(self, *, target, name, daemon):
        self.name = name
        self.daemon = daemon
        self._target = target
        self._ended = threading.Event()

    def start(self):
        try:
            thread = _idle.pop()
        except IndexError:
            thread = _Thread()
        thread.begin(self._work)

    def join(self, timeout=None):
        self._ended.wait(timeout)

    def is_alive(self):
        return not self._ended.is_set()

    def _work(self):
        try:
            self._target()
        finally:
            self._ended.set()


class KeptExecutor:
    """What is used of ThreadPoolExecutor for one call that may be given up on."""

    def submit(self, work, *args):
        future = concurrent.futures.Future()

        def run():
            try:
                future.set_result(work(*args))
            except BaseException as error:
                future.set_exception(error)

        KeptThread(target=run, name="kept", daemon=True).start()
        return future

    def shutdown(self, wait):
        """It has no threads of its own."""


class _Thread:
    def __init__(self):
        self._todo = queue.SimpleQueue()
        threading.Thread(target=self._run, daemon=True, name="inorder-kept").start()

    def begin(self, work):
        self._todo.put(work)

    def _run(self):
        while True:
            work = self._todo.get()
            try:
                work()
            except BaseException:
                logger.exception("work on a kept thread failed")
            _idle.append(self)
