"""A handler's error keeps its name and its stack.

Without it every error is called Runtime.HandlerError: a state machine's Catch or Retry by error
name never matches, and the caller sees no stack.
Upstream: ministack.core.lambda_runtime (worker scripts),
ministack.services.lambda_svc._execute_function_warm.
"""

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from patching import edit, rewrite

# The error answer of Lambda's Node.js runtime: errorType is the error's name, trace the lines of
# its stack.
_NODE_NAMED = (
    'errorType: %s && %s.name || "Error", stack: String(%s && %s.stack || "").split("\\n"), '
)


def apply():
    lambda_runtime._NODEJS_WORKER_SCRIPT = edit(
        lambda_runtime._NODEJS_WORKER_SCRIPT,
        "ministack.core.lambda_runtime._NODEJS_WORKER_SCRIPT",
        (
            'status: "error", error: String(err.message || err), trace:',
            'status: "error", ' + _NODE_NAMED.replace("%s", "err")
            + "error: String(err.message || err), trace:",
        ),
        (
            'status: "error", error: e.message, trace:',
            'status: "error", ' + _NODE_NAMED.replace("%s", "e") + "error: e.message, trace:",
        ),
    )
    lambda_runtime._PYTHON_WORKER_SCRIPT = edit(
        lambda_runtime._PYTHON_WORKER_SCRIPT,
        "ministack.core.lambda_runtime._PYTHON_WORKER_SCRIPT",
        (
            '"error": str(e), "trace":',
            '"errorType": type(e).__name__, "stack": traceback.format_exc().splitlines(), '
            '"error": str(e), "trace":',
        ),
    )
    rewrite(
        lambda_svc,
        "_execute_function_warm",
        (
            'error_type = "Runtime.HandlerError"',
            'error_type = result.get("errorType") or "Runtime.HandlerError"',
        ),
        (
            '"errorType": error_type,',
            '"errorType": error_type, **({"trace": result["stack"]} if "stack" in result else {}),',
        ),
    )
