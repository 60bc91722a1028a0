"""Metrics that a function writes into its log in the embedded metric format reach CloudWatch.

Without it they are log lines and nothing else: dashboards stay empty and alarms on them never
fire.
Upstream: ministack.services.lambda_svc._emit_lambda_logs. Source:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json

from ministack.services import cloudwatch, lambda_svc

from patching import replace


def apply():
    replace(lambda_svc, "_emit_lambda_logs", _recording_metrics)


def _recording_metrics(write_log):
    def write_log_and_metrics(function, request_id, log_text, *args, **named):
        for line in (log_text or "").splitlines():
            if '"_aws"' in line and line.lstrip().startswith("{"):
                record_metrics_of(line)
        return write_log(function, request_id, log_text, *args, **named)

    return write_log_and_metrics


def record_metrics_of(line):
    """Record each metric of one log line; a line that is not a valid document is a plain log line.
    """
    try:
        document = json.loads(line)
        for directive in document["_aws"]["CloudWatchMetrics"]:
            for names in directive["Dimensions"]:
                dimensions = {name: str(document[name]) for name in names}
                for metric in directive["Metrics"]:
                    values = document[metric["Name"]]
                    for value in values if isinstance(values, list) else [values]:
                        cloudwatch.record_metric(
                            directive["Namespace"],
                            metric["Name"],
                            value,
                            metric.get("Unit", "None"),
                            dimensions,
                        )
    except (ValueError, KeyError, TypeError):
        return
