"""How often an execution that only passes its input on sleeps before it ends."""

import json
import threading

import stage

from ministack.services import stepfunctions

stage.apply_chosen_repair()

slept = stage.counting_sleeps(stepfunctions)
definition = {"StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": True}}}
machine = json.loads(
    stepfunctions._create_state_machine(
        {
            "name": "probe",
            "definition": json.dumps(definition),
            "roleArn": "arn:aws:iam::000000000000:role/probe",
        }
    )[2]
)["stateMachineArn"]
execution = json.loads(
    stepfunctions._start_execution({"stateMachineArn": machine, "input": "{}"})[2]
)["executionArn"]
for thread in threading.enumerate():
    if thread is not threading.current_thread() and not thread.name.startswith("inorder"):
        thread.join(timeout=10)
stage.report(sleeps=len(slept), status=stepfunctions._executions[execution]["status"])
