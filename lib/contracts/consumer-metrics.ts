/**
 * What an ordered consumer and its sweep count, by the names that alarms and dashboards look at.
 * The dimension `service` is the consumer's name.
 */

/** Where a consumer is told no other one. */
export const METRIC_NAMESPACE_DEFAULT = "Inorder";

export const CONSUMER_METRICS = {
  messagesApplied: "MessagesApplied",
  duplicatesDropped: "DuplicatesDropped",
  messagesHeld: "MessagesHeld",
  heldReleased: "HeldReleased",
  messagesParkedBehindHalt: "MessagesParkedBehindHalt",
  messagesReturned: "MessagesReturned",
  messagesUndecodable: "MessagesUndecodable",
  /** Dead-lettered because their sequence or their partition belongs to another message. */
  messagesRefused: "MessagesRefused",
  streamsHalted: "StreamsHalted",
  /** Streams that stand halted, as a sweep finds them: at most the 500 that it looks for. */
  streamsStanding: "StreamsStanding",
  /** Drained and running again. */
  streamsResumed: "StreamsResumed",
  /** Of a range that was left out, or from before a stream's start. */
  messagesLate: "MessagesLate",
  /** Left out by a decision or by a gap's recovery. */
  messagesSkipped: "MessagesSkipped",
  /** Control messages, ticks included. */
  controlsDecided: "ControlsDecided",
  /** Streams that a sweep found due and sent a tick. */
  streamsTicked: "StreamsTicked",
  violations: "Violations",
  violationsConflict: "ViolationsSequenceConflict",
  violationsPartition: "ViolationsPartitionMismatch",
  violationsGap: "ViolationsGap",
  violationsOutOfOrder: "ViolationsOutOfOrder",
  violationsUnknown: "ViolationsUnknown",
  violationsTimestamp: "ViolationsTimestampAnomaly",
  /** The most messages that one stream has parked. */
  parkedLag: "ParkedLag",
  /** The greatest age at which a message was applied: by its own time, else since it was sent. */
  appliedAgeMs: "AppliedAgeMs",
  consumerReads: "ConsumerReads",
  consumerWrites: "ConsumerWrites",
  consumerBatches: "ConsumerBatches",
  /** Streams in a batch, summed over batches: what reads and writes are to be compared with. */
  consumerStreams: "ConsumerStreams",
  commitLatencyMs: "CommitLatencyMs",
} as const;

export type ConsumerMetric = (typeof CONSUMER_METRICS)[keyof typeof CONSUMER_METRICS];
