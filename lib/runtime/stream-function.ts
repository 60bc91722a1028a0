/**
 * The entry point of a reader of a DynamoDB stream: what could not be forwarded is answered by its
 * sequence number, and the stream is read again from there. It never throws.
 */
import type {
  Context,
  DynamoDBBatchResponse,
  DynamoDBRecord,
  DynamoDBStreamEvent,
} from "aws-lambda";
import type { ServiceName } from "#contracts/metrics";
import { surroundingsOf, type Surroundings } from "./surroundings.ts";

export type StreamFunction = {
  readonly service: ServiceName;
  /**
   * Forwards the records in order and answers the sequence number of the first one that failed; it
   * and all behind it are delivered again.
   */
  readonly forward: (
    records: readonly DynamoDBRecord[],
  ) => Promise<{ readonly failedSequenceNumber?: string | undefined }>;
};

export type StreamHandler = (
  event: DynamoDBStreamEvent,
  context: Context,
) => Promise<DynamoDBBatchResponse>;

/** Source: AWS Lambda, "Configuring partial batch response with DynamoDB and Lambda". */
export function streamFunction(
  { service, forward }: StreamFunction,
  { telemetry }: Pick<Surroundings, "telemetry"> = surroundingsOf(service),
): StreamHandler {
  return async (event, context) => {
    telemetry.correlate({ requestId: context.awsRequestId });
    try {
      const { failedSequenceNumber } = await forward(event.Records);
      return returning(failedSequenceNumber);
    } catch (error) {
      telemetry.logger.error("The batch failed as a whole; it is read again.", { error });
      return returning(event.Records[0]?.dynamodb?.SequenceNumber);
    } finally {
      telemetry.flush();
    }
  };
}

const returning = (sequenceNumber: string | undefined): DynamoDBBatchResponse => ({
  batchItemFailures: sequenceNumber === undefined ? [] : [{ itemIdentifier: sequenceNumber }],
});
