/**
 * The resource types that the local cloud knows, of the services that the project uses. One unknown
 * type in a template refuses the whole stack. Source: the `_RESOURCE_HANDLERS` of MiniStack 1.5.33.
 */

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  ApiGateway: [
    "Account",
    "ApiKey",
    "Authorizer",
    "BasePathMapping",
    "Deployment",
    "DocumentationPart",
    "DocumentationVersion",
    "DomainName",
    "GatewayResponse",
    "Method",
    "Model",
    "RequestValidator",
    "Resource",
    "RestApi",
    "Stage",
    "UsagePlan",
    "UsagePlanKey",
  ],
  CDK: ["Metadata"],
  CloudFormation: ["CustomResource", "Stack", "WaitCondition", "WaitConditionHandle"],
  CloudWatch: ["Alarm", "Dashboard"],
  DynamoDB: ["GlobalTable", "Table"],
  Events: ["EventBus", "Rule"],
  IAM: [
    "AccessKey",
    "Group",
    "InstanceProfile",
    "ManagedPolicy",
    "Policy",
    "Role",
    "User",
    "UserToGroupAddition",
  ],
  KMS: ["Alias", "Key"],
  Lambda: [
    "Alias",
    "EventInvokeConfig",
    "EventSourceMapping",
    "Function",
    "LayerVersion",
    "LayerVersionPermission",
    "Permission",
    "Url",
    "Version",
  ],
  Logs: ["LogGroup", "LogStream", "MetricFilter", "ResourcePolicy", "SubscriptionFilter"],
  S3: ["AccessPoint", "Bucket", "BucketPolicy", "MultiRegionAccessPoint"],
  SNS: ["Subscription", "Topic", "TopicPolicy"],
  SQS: ["Queue", "QueuePolicy"],
  SSM: ["Parameter"],
  Scheduler: ["Schedule", "ScheduleGroup"],
  SecretsManager: ["Secret", "SecretTargetAttachment"],
  StepFunctions: ["StateMachine"],
  WAFv2: ["WebACL"],
};

export const LOCAL_CLOUD_TYPES: readonly string[] = Object.entries(KNOWN).flatMap(
  ([service, types]) => types.map((type) => `AWS::${service}::${type}`),
);
