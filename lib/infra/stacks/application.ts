/**
 * Everything that runs: the functions, the API in front of them, the mappings behind the queues and
 * the outbox, and the order saga. It keeps no state, so it can be thrown away and deployed again.
 */
import { join } from "node:path";
import { CfnOutput, CfnParameter, Stack } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { ROUTES } from "#contracts/http/routes";
import { metricNamespace } from "#contracts/metrics";
import { OUTPUTS } from "#contracts/outputs";
import { bundledCode } from "../bundled-code.ts";
import { acknowledge } from "../constructs/acknowledge.ts";
import { CanaryRelease, serverErrorGuard } from "../constructs/canary-release.ts";
import type { FunctionSize } from "../constructs/consumer-limits.ts";
import { Firewall } from "../constructs/firewall.ts";
import { OrderedConsumer } from "../constructs/ordered-consumer.ts";
import { environmentOf, knows, type Need } from "../constructs/need.ts";
import { RestApi } from "../constructs/rest-api.ts";
import { Saga } from "../constructs/saga.ts";
import { Schedule } from "../constructs/schedule.ts";
import { ServiceFunction } from "../constructs/service-function.ts";
import { edgeNeeds } from "../config/edge-settings.ts";
import type { Deployment, DeploymentProps } from "../deployment.ts";
import { type ApplicationFunction, functionId } from "../functions.ts";
import {
  type ConsumerRow,
  consumerRows,
  OPERATOR_FUNCTIONS,
  type ScheduledRow,
  scheduledRows,
} from "./application-functions.ts";
import {
  acknowledgeRuns,
  MACHINES,
  type MachineKey,
  machineName,
  toStartRuns,
} from "./application-machines.ts";
import { applicationNeeds, type Needs } from "./application-needs.ts";
import { type Relays, relays } from "./application-relays.ts";
import type { DataStack } from "./data.ts";
import type { ProviderStack } from "./provider.ts";
import { searchDomain } from "./search-domain.ts";
import { sharedCache } from "./shared-cache.ts";

export type ApplicationStackProps = DeploymentProps & {
  readonly data: DataStack;
  /** Absent where a real provider is used: its address is then a parameter of this stack. */
  readonly provider: ProviderStack | undefined;
};

export type Scheduled = ScheduledRow & { readonly lambda: IFunction };

export class ApplicationStack extends Stack {
  readonly rest: RestApi;
  readonly saga: Saga;
  readonly refunds: Saga;
  readonly consumers: readonly OrderedConsumer[];
  readonly relays: Relays;
  readonly scheduled: readonly Scheduled[];

  private readonly deployment: Deployment;
  private tasks: Readonly<Record<string, IFunction>> = {};
  private readonly needs: Needs;

  constructor(scope: Construct, id: string, props: ApplicationStackProps) {
    super(scope, id, props);
    const { deployment, data, provider } = props;
    this.deployment = deployment;
    // API Gateway may log only after the account allows it.
    this.addStackDependency(data);
    this.rest = this.restApi();
    const issuer = this.rest.address;
    this.needs = applicationNeeds({
      data,
      tokens: { keys: [data.tokenKey], issuer, audience: `${issuer}/v1` },
      providerUrl: provider?.address ?? this.providerAddress(),
      gapRetrySeconds: deployment.stage.consumer.gapRetrySeconds,
      searchLookSeconds: deployment.stage.search.lookSeconds,
      loopbackWebhooks: deployment.stage.features.loopbackWebhooks,
      cache: deployment.stage.cache,
      sharedCache: sharedCache(this, deployment.stage),
      searchDomain: searchDomain(this, deployment.stage),
    });
    this.saga = this.orderSaga();
    this.refunds = this.orderRefunds();
    this.rest.serve(ROUTES, this.httpFunctions());
    this.operatorFunctions();
    this.consumers = this.orderedConsumers(data);
    this.scheduled = this.scheduledFunctions();
    this.relays = relays(this, {
      data,
      stage: deployment.stage,
      made: (name, description) => ({
        ...this.shared(name, description),
        needs: this.needsOf(name),
      }),
    });
    new CfnOutput(this, OUTPUTS.apiId, { value: this.rest.api.restApiId });
    new CfnOutput(this, OUTPUTS.apiStage, { value: deployment.stage.name });
    new CfnOutput(this, OUTPUTS.sagaArn, { value: this.saga.machine.stateMachineArn });
    new CfnOutput(this, OUTPUTS.refundArn, { value: this.refunds.machine.stateMachineArn });
    new CfnOutput(this, OUTPUTS.metricNamespace, {
      value: metricNamespace(deployment.stage.name),
    });
  }

  private restApi(): RestApi {
    const { stage, prefix } = this.deployment;
    const rest = new RestApi(this, "ShopApi", {
      name: prefix,
      description: "The shop",
      apiStage: stage.name,
      endpoint: this.deployment.endpoint,
      throttle: stage.throttle,
      routeThrottles: { "POST /oauth2/token": stage.tokenThrottle },
      logRetention: stage.logRetention,
    });
    if (stage.features.waf) {
      new Firewall(this, "Firewall", {
        name: prefix,
        api: rest.api,
        requestsPerAddress: stage.firewallRequestsPerAddress,
      });
    } else {
      acknowledge(rest.api, {
        "AwsSolutions-APIG3": `The stage ${stage.name} runs where no WAF is; others have one.`,
      });
    }
    return rest;
  }

  /** No default: a shop that does not know who takes its money must not be deployed. */
  private providerAddress(): string {
    return new CfnParameter(this, "ProviderAddress", {
      type: "String",
      description: "Base address of the payment provider, https and without a trailing slash",
      allowedPattern: "^https://[^\\s/?#]+(/[^\\s/?#]+)*$",
      constraintDescription: "an https address without a trailing slash, query or fragment",
    }).valueAsString;
  }

  private httpFunctions(): Readonly<Record<string, IFunction>> {
    const { stage, prefix } = this.deployment;
    const entries = new Set<ApplicationFunction>(ROUTES.map((route) => route.entry));
    const made = [...entries].map(
      (name) => [name, this.serviceFunction(name, stage.http, `Answers HTTP: ${name}`)] as const,
    );
    if (!stage.features.canary) {
      return Object.fromEntries(made.map(([name, { lambda }]) => [name, lambda]));
    }
    const { serverErrors } = stage.alarms;
    const guard = serverErrorGuard(this, "ReleaseGuard", {
      apiName: prefix,
      apiStage: stage.name,
      serverErrors,
    });
    return Object.fromEntries(
      made.map(([name, service]) => [
        name,
        new CanaryRelease(service, "Canary", { lambda: service.lambda, guard }).live,
      ]),
    );
  }

  private operatorFunctions(): void {
    for (const [output, name] of Object.entries(OPERATOR_FUNCTIONS)) {
      const { operator } = this.deployment.stage;
      const made = this.serviceFunction(name, operator, `Invoked by operators: ${name}`);
      new CfnOutput(this, output, { value: made.lambda.functionName });
    }
  }

  private orderSaga(): Saga {
    const { stage } = this.deployment;
    const task = (name: ApplicationFunction): IFunction =>
      this.serviceFunction(name, stage.task, `Steps of the order saga: ${name}`).lambda;
    this.tasks = {
      OrderTasks: task("orders/tasks"),
      StockTasks: task("inventory/tasks"),
      PaymentTasks: task("payments/tasks"),
    };
    return this.stateMachine("OrderSaga", "SAGA_ARN");
  }

  private orderRefunds(): Saga {
    return this.stateMachine("OrderRefund", "REFUND_ARN");
  }

  private stateMachine(id: string, key: MachineKey): Saga {
    const { stage, prefix, root } = this.deployment;
    return new Saga(this, id, {
      name: machineName(prefix, key),
      definitionFile: join(root, "stepfunctions", `${MACHINES[key]}.asl.json`),
      tasks: this.tasks,
      logRetention: stage.logRetention,
    });
  }

  private orderedConsumers(data: DataStack): readonly OrderedConsumer[] {
    return consumerRows(data, this.deployment.stage).map(
      ({ name, sweepOutput, output, ...row }) => {
        const made = this.consumer(name, row);
        new CfnOutput(this, sweepOutput, { value: made.sweep.lambda.functionName });
        if (output !== undefined) {
          new CfnOutput(this, output, { value: made.consumer.lambda.functionName });
        }
        return made;
      },
    );
  }

  private consumer(
    name: ApplicationFunction,
    { limits, ...props }: Omit<ConsumerRow, "name" | "sweepOutput" | "output">,
  ): OrderedConsumer {
    const { stage, bundles } = this.deployment;
    const needs = this.needsOf(name);
    const made = new OrderedConsumer(this, functionId(name), {
      ...(limits ?? stage.consumer),
      ...stage.alarms,
      ...this.shared(name, `Ordered consumer: ${name}`),
      ...props,
      environment: environmentOf(name, needs),
      permissions: needs.flatMap(({ permissions }) => permissions),
      sweepCode: bundledCode(bundles, "outbox/sweep"),
      sweepSize: stage.operator,
      isScheduled: stage.features.schedules,
      metricNamespace: metricNamespace(stage.name),
      // With everything else that people look at: in the stack of operations.
      isWatched: false,
    });
    acknowledgeRuns(made.consumer.role, this.deployment.prefix, name);
    return made;
  }

  private scheduledFunctions(): readonly Scheduled[] {
    const { stage } = this.deployment;
    return scheduledRows(stage).map((row) => {
      const { name, size, every, description, output } = row;
      const made = this.serviceFunction(name, size, description);
      if (stage.features.schedules) {
        new Schedule(made, "Clock", { target: made.lambda, every, description });
      }
      new CfnOutput(this, output, { value: made.lambda.functionName });
      return { ...row, lambda: made.lambda };
    });
  }

  private serviceFunction(
    name: ApplicationFunction,
    size: FunctionSize,
    description: string,
  ): ServiceFunction {
    const made = new ServiceFunction(this, functionId(name), {
      ...size,
      ...this.shared(name, description),
      needs: this.needsOf(name),
    });
    acknowledgeRuns(made.role, this.deployment.prefix, name);
    return made;
  }

  private shared(name: ApplicationFunction, description: string) {
    return {
      description,
      code: bundledCode(this.deployment.bundles, name),
      logRetention: this.deployment.stage.logRetention,
    };
  }

  private needsOf(name: ApplicationFunction): readonly Need[] {
    const stage = knows("STAGE", this.deployment.stage.name);
    const edge = edgeNeeds(name, this.deployment.stage.edge);
    const runs = toStartRuns(this, this.deployment.prefix, name);
    return [stage, ...edge, ...this.needs[name], ...runs];
  }
}
