"""Time to live and point-in-time recovery that a template sets on a table take effect.

Without it they are ignored in silence: items never expire and the table says that it cannot be
restored. The API calls behind them work.
Upstream: ministack.services.cloudformation.provisioners, _RESOURCE_HANDLERS of
AWS::DynamoDB::Table and GlobalTable.
"""

from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

from cfn_handlers import after_create_and_update


def apply():
    for kind in ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"):
        after_create_and_update(provisioners._RESOURCE_HANDLERS, kind, set_as_in_template)


def set_as_in_template(table_name, properties):
    time_to_live = properties.get("TimeToLiveSpecification")
    if time_to_live:
        dynamodb._update_ttl({"TableName": table_name, "TimeToLiveSpecification": time_to_live})
    else:
        dynamodb._ttl_settings.pop(table_name, None)
    # A global table states it for each replica; the first that does speaks for the local one.
    recovery = properties.get("PointInTimeRecoverySpecification") or next(
        (
            replica["PointInTimeRecoverySpecification"]
            for replica in properties.get("Replicas") or []
            if "PointInTimeRecoverySpecification" in replica
        ),
        {"PointInTimeRecoveryEnabled": False},
    )
    dynamodb._update_continuous_backups(
        {"TableName": table_name, "PointInTimeRecoverySpecification": recovery}
    )
