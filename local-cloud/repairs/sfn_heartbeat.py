"""A task that waits for its token fails with States.HeartbeatTimeout when no heartbeat comes for
HeartbeatSeconds.

Without it HeartbeatSeconds is ignored, so a lost callback is noticed only at TimeoutSeconds
(99999 by default).
Upstream: ministack.services.stepfunctions._invoke_with_callback.
Source: https://states-language.net/spec.html#timeouts-heartbeats
"""

import time

from ministack.services import stepfunctions

from patching import rewrite


def apply():
    rewrite(
        stepfunctions,
        "_invoke_with_callback",
        (
            "if not evt.wait(timeout=timeout):",
            "if not wait_with_heartbeats(evt, token, state_def, timeout):",
        ),
        uses={"wait_with_heartbeats": wait_with_heartbeats},
    )


def wait_with_heartbeats(answered, token, state, timeout_seconds):
    """True when the answer came, False at the timeout; a missed heartbeat fails the task."""
    now = time.monotonic()
    deadline = now + timeout_seconds
    heartbeat_seconds = state.get("HeartbeatSeconds")
    if not heartbeat_seconds:
        return answered.wait(timeout=timeout_seconds)
    while True:
        seen = _last_heartbeat(token)
        if answered.wait(timeout=max(0, min(heartbeat_seconds, deadline - time.monotonic()))):
            return True
        if time.monotonic() >= deadline:
            return False
        if _last_heartbeat(token) is seen:
            stepfunctions._task_tokens.pop(token, None)
            raise stepfunctions._ExecutionError(
                "States.HeartbeatTimeout",
                f"The task sent no heartbeat within {heartbeat_seconds} seconds",
            )


def _last_heartbeat(token):
    return (stepfunctions._task_tokens.get(token) or {}).get("heartbeat")
