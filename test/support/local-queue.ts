/**
 * A FIFO queue of its own for one test, and what can be received from it.
 */
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { localConnection } from "./connection.ts";

export type LocalQueue = {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** Takes out everything that is in it, in the order of receipt. */
  receive(): Promise<readonly Message[]>;
};

let queues = 0;

/** The cloud that it is in ends with the run, and the queue with it. */
export async function createLocalQueue(purpose: string): Promise<LocalQueue> {
  const client = new SQSClient(localConnection());
  queues += 1;
  const { QueueUrl: queueUrl } = await client.send(
    new CreateQueueCommand({
      QueueName: `${purpose}-${process.pid}-${queues}.fifo`,
      Attributes: { FifoQueue: "true", VisibilityTimeout: "600" },
    }),
  );
  if (queueUrl === undefined) throw new Error("the queue has no address");
  return { client, queueUrl, receive: () => receiveAll(client, queueUrl) };
}

async function receiveAll(client: SQSClient, queueUrl: string): Promise<readonly Message[]> {
  const received: Message[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 0,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["MessageGroupId", "MessageDeduplicationId"],
      }),
    );
    if (Messages.length === 0) return received;
    received.push(...Messages);
    for (const { ReceiptHandle } of Messages) {
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
  }
}
