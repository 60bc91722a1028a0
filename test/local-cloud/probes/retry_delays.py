"""Which pauses a task that always fails is given between its attempts."""

import json
import random
import threading

import stage

from ministack.services import stepfunctions

stage.apply_chosen_repair()
random.seed(1)

delays = []
stepfunctions._scaled_sleep = delays.append


def delays_of(name, retrier):
    delays.clear()
    definition = {
        "StartAt": "Fail",
        "States": {
            "Fail": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Parameters": {"FunctionName": "missing"},
                "Retry": [{"ErrorEquals": ["States.ALL"], **retrier}],
                "End": True,
            }
        },
    }
    machine = json.loads(
        stepfunctions._create_state_machine(
            {
                "name": name,
                "definition": json.dumps(definition),
                "roleArn": "arn:aws:iam::000000000000:role/probe",
            }
        )[2]
    )["stateMachineArn"]
    execution = json.loads(
        stepfunctions._start_execution({"stateMachineArn": machine, "input": "{}"})[2]
    )["executionArn"]
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(timeout=10)
    assert stepfunctions._executions[execution]["status"] == "FAILED"
    return list(delays)


growing = {"IntervalSeconds": 1, "BackoffRate": 2, "MaxAttempts": 5}
stage.report(
    plain=delays_of("plain", growing),
    limited=delays_of("limited", {**growing, "MaxDelaySeconds": 3}),
    jittered=delays_of("jittered", {**growing, "MaxDelaySeconds": 3, "JitterStrategy": "FULL"}),
)
