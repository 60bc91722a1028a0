/**
 * Whether a table answers a read: that of one item which nobody ever writes, so that its reader
 * needs no right to any other.
 */
import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { PROBED_KEY } from "#contracts/item-prefixes";
import type { Probe } from "#services/gateway/ports";

export type TableProbeProps = {
  readonly client: DynamoDBClient;
  /** What it is called to those who read logs. */
  readonly name: string;
  readonly table: string;
  /** The names of its keys, all texts. */
  readonly keys: readonly string[];
};

export const dynamoTableProbe = ({ client, name, table, keys }: TableProbeProps): Probe => ({
  name,
  async look(until) {
    const Key = Object.fromEntries(keys.map((key) => [key, { S: PROBED_KEY }]));
    const command = new GetItemCommand({ TableName: table, Key, ConsistentRead: true });
    await client.send(command, { abortSignal: until });
  },
});
