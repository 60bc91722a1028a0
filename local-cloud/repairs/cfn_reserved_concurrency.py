"""The reserved concurrency that a template sets on a function takes effect.

Without it ReservedConcurrentExecutions is ignored: nothing throttles and a function meant to run
alone does not. The API call behind it works.
Upstream: ministack.services.cloudformation.provisioners, _RESOURCE_HANDLERS of
AWS::Lambda::Function.
"""

from ministack.services import lambda_svc
from ministack.services.cloudformation import provisioners

from cfn_handlers import after_create_and_update


def apply():
    after_create_and_update(
        provisioners._RESOURCE_HANDLERS, "AWS::Lambda::Function", set_as_in_template
    )


def set_as_in_template(function_name, properties):
    function = lambda_svc._functions.get(function_name)
    if function is None:
        return
    # A template may hold the number as text.
    reserved = properties.get("ReservedConcurrentExecutions")
    function["concurrency"] = None if reserved is None else int(reserved)
