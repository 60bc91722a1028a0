/**
 * The simulated payment provider: a merchant's partner with an API, a table and a key of its own.
 * Not deployed where a real one is used.
 */
import { CfnOutput, Stack } from "aws-cdk-lib";
import { StreamViewType } from "aws-cdk-lib/aws-dynamodb";
import type { Construct } from "constructs";
import { PROVIDER_ROUTES } from "#contracts/http/provider-routes";
import { OUTPUTS } from "#contracts/outputs";
import { bundledCode } from "../bundled-code.ts";
import { acknowledge } from "../constructs/acknowledge.ts";
import { knows, readsSecret, usesTable } from "../constructs/need.ts";
import { ProviderWebhooks } from "../constructs/provider-webhooks.ts";
import { RestApi } from "../constructs/rest-api.ts";
import { ServiceFunction } from "../constructs/service-function.ts";
import { ServiceTable } from "../constructs/service-table.ts";
import type { DeploymentProps } from "../deployment.ts";
import { functionId } from "../functions.ts";
import type { DataStack } from "./data.ts";

export type ProviderStackProps = DeploymentProps & { readonly data: DataStack };

export class ProviderStack extends Stack {
  /** Where the provider is called, without a trailing slash. */
  readonly address: string;

  constructor(scope: Construct, id: string, props: ProviderStackProps) {
    super(scope, id, props);
    const { deployment, data } = props;
    const { stage, prefix } = deployment;
    // API Gateway may log only after the account allows it.
    this.addStackDependency(data);
    const { table } = new ServiceTable(this, "Payments", {
      partitionKey: "pk",
      sortKey: "sk",
      features: stage.features,
      // Its client is told of every change.
      changes: StreamViewType.NEW_AND_OLD_IMAGES,
    });
    const name = "provider/http";
    const provider = new ServiceFunction(this, functionId(name), {
      ...stage.http,
      description: "Simulated payment provider",
      code: bundledCode(deployment.bundles, name),
      logRetention: stage.logRetention,
      needs: [
        knows("STAGE", stage.name),
        knows("PROVIDER_LATE_ANSWERS", stage.features.lateProviderAnswers ? "on" : "off"),
        readsSecret("PROVIDER_SECRET_ARN", data.providerSecret),
        usesTable("PROVIDER_TABLE", table, "GetItem", "PutItem", "UpdateItem", "Scan"),
      ],
    });
    const rest = new RestApi(this, "ProviderApi", {
      name: `${prefix}-provider`,
      description: "Simulated payment provider",
      apiStage: stage.name,
      endpoint: deployment.endpoint,
      throttle: stage.throttle,
      logRetention: stage.logRetention,
    });
    acknowledge(rest.api, {
      "AwsSolutions-APIG3": "Nobody but the shop calls it, and it moves no real money.",
    });
    rest.serve(PROVIDER_ROUTES, { [name]: provider.lambda });
    this.address = rest.address;
    new ProviderWebhooks(this, functionId("provider/notify"), {
      ...stage.http,
      description: "Tells the simulated provider's client of changes",
      code: bundledCode(deployment.bundles, "provider/notify"),
      logRetention: stage.logRetention,
      table,
      needs: [
        knows("STAGE", stage.name),
        readsSecret("PAYMENT_WEBHOOK_SECRET_ARN", data.paymentWebhookSecret),
        usesTable("PROVIDER_TABLE", table, "GetItem"),
      ],
    });
    new CfnOutput(this, OUTPUTS.providerAddress, { value: this.address });
    new CfnOutput(this, OUTPUTS.providerTable, { value: table.tableName });
  }
}
