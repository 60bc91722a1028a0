/**
 * One statement gives a correct ordered consumer: a function on a FIFO queue that answers which
 * messages are not durable, knows its dead-letter queue, keeps its heads, and whose times and
 * counts fit the queue's; the sweep that finds its streams when they are due; and the alarms and
 * graphs that say how it is.
 */
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import type { Dashboard as AwsDashboard, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { Code } from "aws-cdk-lib/aws-lambda";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { type ConsumerMetric, METRIC_NAMESPACE_DEFAULT } from "#contracts/consumer-metrics";
import { ATTENTION_INDEX } from "#contracts/indexes";
import { Alarms, type Watch } from "./alarms.ts";
import { acknowledgeClaimChecks, type ClaimChecks, getsClaimChecks } from "./claim-check-bucket.ts";
import {
  type ConsumerLimits,
  type ConsumerThresholds,
  type FunctionSize,
  limitsWith,
  thresholdsWith,
} from "./consumer-limits.ts";
import { takePlace } from "./consumer-place.ts";
import { consumerRows } from "./consumer-rows.ts";
import { checkConsumer } from "./consumer-rules.ts";
import { consumerWatches, type WatchedConsumer } from "./consumer-watches.ts";
import { Dashboard, showRows } from "./dashboard.ts";
import { ownMetrics, type Statistic } from "./metrics.ts";
import { keepsHeads, knows, type Need, queriesIndex, sendsTo, type Table } from "./need.ts";
import { OrderedQueue } from "./ordered-queue.ts";
import { packagedSweep } from "./packaged-sweep.ts";
import { mapQueue, receivesFrom } from "./queue-mapping.ts";
import { Schedule } from "./schedule.ts";
import { ServiceFunction, type ServiceFunctionProps } from "./service-function.ts";
import { ServiceTable } from "./service-table.ts";

export type OrderedConsumerProps = Partial<ConsumerLimits> &
  Partial<ConsumerThresholds> &
  Pick<ServiceFunctionProps, "code" | "handler" | "runtime" | "architecture"> & {
    /** In its table, metrics and alarms: 1 to 64 letters, digits, `.`, `_`, `-`. */
    readonly consumerName: string;
    /** Default: what it consumes. */
    readonly description?: string;
    /** More variables of the function's environment. */
    readonly environment?: Readonly<Record<string, string>>;
    /** What else the function may do. Grants of the CDK to `consumer.lambda` do as well. */
    readonly permissions?: Need["permissions"];
    /** Default: two weeks. */
    readonly logRetention?: RetentionDays;
    /**
     * Where its heads are: text keys `pk` and `sk`, and the index `HEAD_INDEX`. Default: a table
     * of its own, on demand, with point-in-time recovery.
     */
    readonly table?: Table;
    /** The queue in front of it. Default: one of its own. */
    readonly queue?: OrderedQueue;
    /**
     * Where the data of messages is that are too large for the queue; the function then has
     * `claimChecks`. Default: none are expected, and one that comes halts its stream.
     */
    readonly claimChecks?: ClaimChecks | undefined;
    /** Of the table and the queue that are made here. Default: they outlive their stack. */
    readonly removalPolicy?: RemovalPolicy;
    /** The sweep's function. Default: the one that is published with this construct. */
    readonly sweepCode?: Code;
    /** Memory and time of the sweep. Default: 256 MB, 60 s. */
    readonly sweepSize?: FunctionSize;
    /** Runs the sweep every minute; otherwise it waits to be invoked. Default: true. */
    readonly isScheduled?: boolean;
    /**
     * Its streams halt in the course of things, and something lets them go on: no alarm then.
     * Default: false.
     */
    readonly haltsAreNormal?: boolean;
    /** Where its metrics are. Default: `Inorder`. */
    readonly metricNamespace?: string;
    /**
     * Makes its alarms and graphs here. Default: true; otherwise somebody makes them of `watches`
     * and `rows`.
     */
    readonly isWatched?: boolean;
    /** What its alarms tell. Default: nobody; they are seen where alarms are listed. */
    readonly alarmTopic?: ITopic;
    /** In front of its alarms' names. Default: the stack's name. */
    readonly alarmPrefix?: string;
    /** Shows its graphs. Default: a dashboard of its own. */
    readonly dashboard?: AwsDashboard;
  };

export class OrderedConsumer extends Construct implements WatchedConsumer {
  readonly consumerName: string;
  /** The function that handles the messages. */
  readonly consumer: ServiceFunction;
  readonly sweep: ServiceFunction;
  /** Send to its `queue`. */
  readonly source: OrderedQueue;
  readonly table: Table;
  readonly limits: ConsumerLimits;
  /** What to be called for. */
  readonly watches: readonly Watch[];

  private readonly metricNamespace: string;

  /**
   * Errors: `misconfigured` (reject) where numbers do not fit each other (`consumer-rules.ts`), or
   * two consumers share what each needs for itself (`consumer-place.ts`).
   */
  constructor(scope: Construct, id: string, props: OrderedConsumerProps) {
    super(scope, id);
    this.consumerName = props.consumerName;
    this.metricNamespace = props.metricNamespace ?? METRIC_NAMESPACE_DEFAULT;
    this.limits = limitsWith({ ...props, ...props.queue?.limits });
    const thresholds = thresholdsWith(props);
    const given = { queue: props.queue?.limits, props };
    checkConsumer(this.node.path, { ...this.limits, ...thresholds }, given);
    this.source = props.queue ?? new OrderedQueue(this, "Source", { ...props, ...this.limits });
    this.table = props.table ?? this.tableOf(props);
    takePlace(this, this);
    this.consumer = this.consumerOf(props);
    this.sweep = this.sweepOf(props);
    this.watches = consumerWatches(this, thresholds, {
      withHalts: props.haltsAreNormal !== true,
    });
    if (props.isWatched ?? true) this.watch(props);
  }

  /** Of what its functions count. Statistic: by default the sum. */
  metric(name: ConsumerMetric, statistic?: Statistic): Metric {
    return ownMetrics(this.metricNamespace)(name, this.consumerName, statistic);
  }

  private tableOf({ removalPolicy = RemovalPolicy.RETAIN }: OrderedConsumerProps): Table {
    const deletionProtection = removalPolicy !== RemovalPolicy.DESTROY;
    return new ServiceTable(this, "Heads", {
      partitionKey: "pk",
      sortKey: "sk",
      heads: true,
      features: { deletionProtection, pointInTimeRecovery: true },
    }).table;
  }

  private consumerOf(props: OrderedConsumerProps): ServiceFunction {
    const { limits, source } = this;
    const { environment = {}, permissions = [] } = props;
    const consumer = new ServiceFunction(this, "Consumer", {
      ...props,
      ...limits,
      description: props.description ?? `Ordered consumer: ${this.consumerName}`,
      logRetention: props.logRetention ?? RetentionDays.TWO_WEEKS,
      needs: [
        receivesFrom(source.queue),
        sendsTo("INORDER_DEAD_LETTER_QUEUE_URL", source.deadLetterQueue),
        keepsHeads("INORDER_TABLE", this.table),
        knows("INORDER_CONSUMER", this.consumerName),
        knows("INORDER_TIMEOUT_SECONDS", String(limits.timeoutSeconds)),
        knows("INORDER_ATTEMPTS_MAX", String(limits.attemptsMax)),
        knows("INORDER_GAP_DEADLINE_SECONDS", String(limits.gapDeadlineSeconds)),
        knows("INORDER_RETRY_DELAY_SECONDS", String(limits.retryDelaySeconds)),
        knows("INORDER_METRIC_NAMESPACE", this.metricNamespace),
        ...(props.claimChecks === undefined ? [] : [getsClaimChecks(props.claimChecks)]),
        { environment, permissions },
      ],
    });
    acknowledgeClaimChecks(consumer.role, props.claimChecks);
    mapQueue(this, {
      queue: source.queue,
      worker: consumer,
      batchSize: limits.batchSize,
      concurrencyMax: limits.concurrencyMax,
    });
    return consumer;
  }

  private sweepOf(props: OrderedConsumerProps): ServiceFunction {
    const description = `Sends ticks to the streams of ${this.consumerName} that are due`;
    const made = new ServiceFunction(this, "Sweep", {
      ...(props.sweepSize ?? { memoryMb: 256, timeoutSeconds: 60 }),
      code: props.sweepCode ?? packagedSweep(),
      description,
      logRetention: props.logRetention ?? RetentionDays.TWO_WEEKS,
      needs: [
        queriesIndex("INORDER_TABLE", this.table, ATTENTION_INDEX.name),
        sendsTo("INORDER_QUEUE_URL", this.source.queue),
        knows("INORDER_CONSUMER", this.consumerName),
        knows("INORDER_METRIC_NAMESPACE", this.metricNamespace),
      ],
    });
    if (props.isScheduled ?? true) {
      new Schedule(this, "EveryMinute", {
        target: made.lambda,
        every: Duration.minutes(1),
        description,
      });
    }
    return made;
  }

  private watch({ alarmPrefix, alarmTopic, dashboard }: OrderedConsumerProps): void {
    const { alarms } = new Alarms(this, "Alarms", {
      prefix: alarmPrefix ?? Stack.of(this).stackName,
      watches: this.watches,
      composite: false,
      topic: alarmTopic,
    });
    const rows = consumerRows([this]);
    if (dashboard === undefined) new Dashboard(this, "Dashboard", { alarms, rows });
    else showRows(dashboard, rows);
  }
}
