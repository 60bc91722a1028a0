/**
 * The local cloud's side of the comparison: a FIFO queue with its dead letters.
 */
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { localConnection } from "../../support/connection.ts";

export const VISIBILITY_S = 600;
export const RECEIVES_MAX = 2;

export type Place = { readonly client: SQSClient; readonly main: string; readonly dead: string };

let pairs = 0;

export async function createQueues(): Promise<Place> {
  const client = new SQSClient(localConnection());
  pairs += 1;
  const name = `differential-${process.pid}-${pairs}`;
  const create = async (suffix: string, attributes: Readonly<Record<string, string>>) => {
    const { QueueUrl = "" } = await client.send(
      new CreateQueueCommand({
        QueueName: `${name}${suffix}.fifo`,
        Attributes: {
          FifoQueue: "true",
          DeduplicationScope: "messageGroup",
          FifoThroughputLimit: "perMessageGroupId",
          VisibilityTimeout: String(VISIBILITY_S),
          ...attributes,
        },
      }),
    );
    return QueueUrl;
  };
  const dead = await create("-dead", {});
  const deadLetterTargetArn = await arnOf(client, dead);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: RECEIVES_MAX });
  return { client, dead, main: await create("", { RedrivePolicy }) };
}

export async function arnOf(client: SQSClient, QueueUrl: string): Promise<string> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] });
  return (await client.send(command)).Attributes?.QueueArn ?? "";
}

export async function take(
  { client }: Place,
  QueueUrl: string,
  max: number,
): Promise<readonly Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: max,
    MessageSystemAttributeNames: ["All"],
  });
  return (await client.send(command)).Messages ?? [];
}

export async function onCloud(
  { client, main: QueueUrl }: Place,
  kind: "delete" | "show" | "hide",
  ReceiptHandle: string,
): Promise<string> {
  const VisibilityTimeout = kind === "show" ? 0 : VISIBILITY_S;
  try {
    await (kind === "delete"
      ? client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
      : client.send(
          new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }),
        ));
    return "done";
  } catch (error) {
    if (error instanceof Error && error.name === "ReceiptHandleIsInvalid") return "refused";
    throw error;
  }
}

export async function depth(
  { client }: Place,
  QueueUrl: string,
): Promise<{ readonly visible: number; readonly inFlight: number }> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
  const { Attributes = {} } = await client.send(command);
  return {
    visible: Number(Attributes["ApproximateNumberOfMessages"]),
    inFlight: Number(Attributes["ApproximateNumberOfMessagesNotVisible"]),
  };
}
