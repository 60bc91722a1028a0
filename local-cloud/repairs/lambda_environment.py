"""Functions see the environment variables that Lambda sets for every runtime.

Without it _HANDLER and AWS_EXECUTION_ENV are missing (tracing libraries take that for "not on
Lambda" and turn themselves off), the time zone is the machine's, and a custom log group is not
named.
Upstream: ministack.core.lambda_runtime.Worker._spawn.
Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

from ministack.core import lambda_runtime

from patching import rewrite


def apply():
    rewrite(
        lambda_runtime.Worker,
        "_spawn",
        (
            'spawn_env.setdefault("LAMBDA_TASK_ROOT", code_dir)',
            "spawn_env.update(reserved_environment(self.config, handler, runtime, code_dir))",
        ),
        uses={"reserved_environment": reserved_environment},
    )


def reserved_environment(config, handler, runtime, code_dir):
    function_name = config.get("FunctionName", "")
    logging = config.get("LoggingConfig") or {}
    return {
        "LAMBDA_TASK_ROOT": code_dir,
        "_HANDLER": handler,
        "AWS_EXECUTION_ENV": "AWS_Lambda_" + runtime,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": logging.get("LogGroup") or "/aws/lambda/" + function_name,
        "TZ": ":UTC",
    }
