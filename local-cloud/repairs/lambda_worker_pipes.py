"""The thread that calls a function reads its answer and its log itself.

Without it each call starts a thread that reads the answer, and each sandbox keeps one that reads
its log: they take the interpreter's lock from the one thread that serves every request, several
times per call, which is a third of what a call costs the server.
Upstream: ministack.core.lambda_runtime.Worker._spawn, Worker.invoke.
"""

import collections
import os
import queue
import select
import time

from ministack.core import lambda_runtime

from patching import rewrite

READ_BYTES = 65_536
# A function that logs more than a pipe holds waits this long at most until somebody reads it.
LOOK_AT_LOG_SECONDS = 0.05

_START_LOG_THREAD = """    self._stderr_queue = queue.Queue()
    self._stderr_thread = threading.Thread(
        target=self._read_stderr, daemon=True, name=f"stderr-{self.func_name}"
    )
    self._stderr_thread.start()
"""
_WAIT_FOR_READER = """        reader = threading.Thread(target=_read_response, daemon=True)
        reader.start()
        reader.join(timeout=timeout)

        if reader.is_alive():
"""


def apply():
    if os.name != "posix":  # Pipes cannot be waited for together there.
        return
    rewrite(
        lambda_runtime.Worker,
        "_spawn",
        (_START_LOG_THREAD, "    self._stderr_queue = LogOfWorker(self._proc.stderr)\n"),
        (
            "response_line = self._proc.stdout.readline()",
            "response_line = AnswersOfWorker.of(self).next_line(None)",
        ),
        uses={"LogOfWorker": LogOfWorker, "AnswersOfWorker": AnswersOfWorker},
    )
    rewrite(
        lambda_runtime.Worker,
        "invoke",
        (
            _WAIT_FOR_READER,
            "        deadline = time.monotonic() + timeout\n"
            "        _read_response()\n"
            "        if AnswersOfWorker.of(self).out_of_time:\n",
        ),
        (
            "response_line = self._proc.stdout.readline()",
            "response_line = AnswersOfWorker.of(self).next_line(deadline)",
        ),
    )


class LogOfWorker:
    """A sandbox's log, read when it is asked for; what Worker uses of the queue that it was."""

    def __init__(self, stream):
        self._pipe = _Pipe(stream)
        self._lines = collections.deque()

    def read_what_is_there(self):
        while self._pipe.read(0):
            self._lines.extend(self._pipe.lines())

    def get(self, timeout=None):
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self._lines:
            left = None if deadline is None else max(0, deadline - time.monotonic())
            if not self._pipe.read(left):
                raise queue.Empty
            self._lines.extend(self._pipe.lines())
        return self._lines.popleft()

    def get_nowait(self):
        return self.get(timeout=0)


class AnswersOfWorker:
    """What a sandbox's worker script writes: one line when it is ready and one per call."""

    def __init__(self, worker):
        self.process = worker._proc
        self.out_of_time = False
        self._log = worker._stderr_queue
        self._pipe = _Pipe(self.process.stdout)
        self._lines = collections.deque()

    @classmethod
    def of(cls, worker):
        answers = worker.__dict__.get("_answers")
        if answers is None or answers.process is not worker._proc:
            answers = worker.__dict__["_answers"] = cls(worker)
        return answers

    def next_line(self, deadline):
        """The next line; empty when the process has ended or the deadline is past."""
        while not self._lines:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                self.out_of_time = True
                return ""
            look_again = LOOK_AT_LOG_SECONDS if left is None else min(left, LOOK_AT_LOG_SECONDS)
            if self._pipe.read(look_again):
                self._lines.extend(self._pipe.lines())
            elif self._pipe.ended:
                return ""
            self._log.read_what_is_there()
        return self._lines.popleft() + "\n"


class _Pipe:
    """Lines of a pipe, read without a thread."""

    def __init__(self, stream):
        self.ended = False
        self._descriptor = stream.fileno()
        # The descriptor lives as long as its stream.
        self._stream = stream
        self._poll = select.poll()
        self._poll.register(self._descriptor, select.POLLIN)
        self._rest = b""
        self._complete = []

    def read(self, seconds):
        """Wait for more; False when none came within that time (None: for ever) or will come."""
        if self.ended or not self._poll.poll(None if seconds is None else seconds * 1000):
            return False
        read = os.read(self._descriptor, READ_BYTES)
        *self._complete, self._rest = (self._rest + read).split(b"\n")
        if not read:
            self.ended = True
            self._complete = [self._rest] if self._rest else []
        return bool(read or self._complete)

    def lines(self):
        return [line.decode("utf-8", errors="replace") for line in self._complete]
