// Texts of Secrets Manager: kept for a while, and noticed when they change.
import { randomUUID } from "node:crypto";
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeEach, expect, test } from "vitest";
import { type SecretTexts, secretTexts } from "#adapters/aws/secrets";
import { type EpochMs, later, seconds } from "#kernel/units";
import { localConnection } from "../support/connection.ts";

const client = new SecretsManagerClient({ ...localConnection(), maxAttempts: 1 });

let now = 0 as EpochMs;
let read: SecretTexts;
let arn = "";

beforeEach(async () => {
  now = 1_700_000_000_000 as EpochMs;
  read = secretTexts(client, { now: () => now, sleep: async () => undefined });
  const created = await client.send(
    new CreateSecretCommand({ Name: `secret-${randomUUID()}`, SecretString: "first" }),
  );
  arn = created.ARN ?? "";
});

afterAll(() => client.destroy());

const change = (text: string) =>
  client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: text }));

test("a secret is read once in five minutes", async () => {
  const before = await read(arn);
  await change("second");

  const kept = await read(arn);
  now = later(now, seconds(300));
  const fresh = await read(arn);

  expect([before, kept, fresh]).toEqual(["first", "first", "second"]);
});

test("a secret that is not there is an error, and is not kept", async () => {
  await expect(read("nowhere")).rejects.toMatchObject({
    code: "store-unavailable",
    action: "retry",
  });
  await expect(read(arn)).resolves.toBe("first");
});
