"""A function whose process ends while it works fails with Runtime.ExitError, as on AWS.

Without it the error is Runtime.HandlerError like any other, so a crash cannot be told from a
thrown error.
Upstream: ministack.services.lambda_svc._execute_function_warm.
"""

from ministack.services import lambda_svc

from patching import rewrite


def apply():
    rewrite(
        lambda_svc,
        "_execute_function_warm",
        (
            "    if _RIE_TIMEOUT_TEXT_RE.fullmatch(error_msg):",
            '    if error_msg == "Worker process died":\n'
            '                error_type = "Runtime.ExitError"\n'
            "            if _RIE_TIMEOUT_TEXT_RE.fullmatch(error_msg):",
        ),
    )
