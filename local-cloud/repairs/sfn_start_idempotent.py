"""StartExecution with the name and input of a running execution answers with that execution.

Without it the repetition is refused with ExecutionAlreadyExists, so a starter that repeats a lost
request cannot tell its own execution from another's. Another input, or an execution that has
ended, is refused as before.
Upstream: ministack.services.stepfunctions._start_execution.
Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

from ministack.services import stepfunctions

from patching import rewrite


def apply():
    rewrite(
        stepfunctions,
        "_start_execution",
        (
            "    if exec_arn in _executions:\n",
            "    running = _executions.get(exec_arn)\n"
            '    if running and running["status"] == "RUNNING" '
            'and running["input"] == data.get("input", "{}"):\n'
            "        return json_response("
            '{"executionArn": exec_arn, "startDate": running["startDate"]})\n'
            "    if exec_arn in _executions:\n",
        ),
    )
