"""The worker marks the end of each invocation's log, and the log is read up to that mark.

Without it the end is guessed from silence: a call whose handler logs nothing waits 50 ms, and
lines that come late on a busy machine are lost from their invocation, metrics in them included.
Upstream: ministack.core.lambda_runtime (Node.js worker script, Worker._read_stderr,
Worker.invoke).
"""

import queue
import time

from ministack.core import lambda_runtime

from patching import RepairError, edit, rewrite

# A control character keeps the mark apart from anything that a handler prints.
MARK = "\x1eEND "
PROCESS_ENDED = "\x1eEND process"
READ_LIMIT_SECONDS = 5

# Where the script catches what a handler throws before its first await.
_HANDLER_THREW = (
    "      // we wait for callback/context.done/context.succeed/context.fail\n"
    "    } catch (e) {\n"
)
_WRITE_MARK = '_stderrWrite("\\x1eEND " + (ctx.request_id || "") + "\\n");\n'


def apply():
    if not hasattr(lambda_runtime.Worker, "_drain_stderr_bounded"):
        raise RepairError("ministack.core.lambda_runtime.Worker has no _drain_stderr_bounded")
    lambda_runtime._NODEJS_WORKER_SCRIPT = edit(
        lambda_runtime._NODEJS_WORKER_SCRIPT,
        "ministack.core.lambda_runtime._NODEJS_WORKER_SCRIPT",
        ("        settled = true;\n", "        settled = true;\n        " + _WRITE_MARK),
        (
            _HANDLER_THREW,
            _HANDLER_THREW + "      " + _WRITE_MARK,
        ),
    )
    rewrite(
        lambda_runtime.Worker,
        "_read_stderr",
        (
            "    except Exception:\n        pass",
            "    except Exception:\n        pass\n"
            "    finally:\n        self._stderr_queue.put(log_process_ended)",
        ),
        uses={"log_process_ended": PROCESS_ENDED},
    )
    rewrite(
        lambda_runtime.Worker,
        "invoke",
        (
            'response["log"] = self._drain_stderr_bounded()',
            'response["log"] = read_log_to_its_end(self, request_id)',
        ),
        uses={"read_log_to_its_end": read_log_to_its_end},
    )


def read_log_to_its_end(worker, request_id):
    """The log lines of one invocation, without the mark; bounded if a worker never writes it."""
    if not worker.config.get("Runtime", "").startswith("nodejs"):
        return worker._drain_stderr_bounded()
    lines, deadline = [], time.monotonic() + READ_LIMIT_SECONDS
    end = MARK + request_id
    try:
        while True:
            line = worker._stderr_queue.get(timeout=max(0, deadline - time.monotonic()))
            if line == PROCESS_ENDED:
                break
            if line.endswith(end):
                # What was printed without a line end stands before the mark.
                if line != end:
                    lines.append(line.removesuffix(end))
                break
            if not line.startswith(MARK):
                lines.append(line)
    except queue.Empty:
        pass
    return "\n".join(lines)
