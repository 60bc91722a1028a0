// Where the main job runs: never in a real account but by --target aws.
import { expect, test } from "vitest";
import { chooseTarget, openTarget } from "../../../bin/operator/main-target.ts";
import { UsageError } from "../../../bin/operator/start-options.ts";

const nothing = { target: undefined, port: undefined };
const real = {
  AWS_ACCESS_KEY_ID: "AKIAREAL",
  AWS_SECRET_ACCESS_KEY: "real",
  AWS_REGION: "eu-west-1",
};

test("with real credentials and nothing said it starts its own local cloud", () => {
  expect(chooseTarget(nothing, real)).toEqual({ kind: "own", port: undefined });
  expect(chooseTarget({ ...nothing, port: 4600 }, {})).toEqual({ kind: "own", port: 4600 });
});

test("the environment's endpoint is used, and none of the machine's own credentials", async () => {
  const choice = chooseTarget(nothing, { ...real, AWS_ENDPOINT_URL: "http://localhost:4566/" });
  const target = await openTarget(choice);

  expect(choice).toEqual({ kind: "endpoint", endpoint: "http://localhost:4566" });
  expect(target).toMatchObject({ stage: "local" });
  expect(target.environment).toMatchObject({
    AWS_ENDPOINT_URL: "http://localhost:4566",
    AWS_ACCESS_KEY_ID: "test",
  });
  expect(target.target).toBeUndefined();
});

test("an account is used when it is asked for, with a region", async () => {
  const target = await openTarget(chooseTarget({ ...nothing, target: "aws" }, real));

  expect(target).toMatchObject({ stage: "dev", target: "aws" });
  expect(target.environment).toEqual({ AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-1" });
});

test.each([
  {
    name: "an endpoint that is AWS itself",
    options: nothing,
    environment: { AWS_ENDPOINT_URL: "https://dynamodb.eu-west-1.amazonaws.com" },
    says: "AWS_ENDPOINT_URL names a real account (dynamodb.eu-west-1.amazonaws.com)",
  },
  {
    name: "an endpoint that is no address",
    options: nothing,
    environment: { AWS_ENDPOINT_URL: "localhost:4566" },
    says: 'must be like http://localhost:4566, got "localhost:4566"',
  },
  {
    name: "an account and an endpoint",
    options: { ...nothing, target: "aws" as const },
    environment: { ...real, AWS_ENDPOINT_URL: "http://localhost:4566" },
    says: "unset AWS_ENDPOINT_URL",
  },
  {
    name: "an account without a region",
    options: { ...nothing, target: "aws" as const },
    environment: {},
    says: "set AWS_REGION",
  },
  {
    name: "a port of somebody else's endpoint",
    options: { ...nothing, port: 4566 },
    environment: { AWS_ENDPOINT_URL: "http://localhost:4566" },
    says: "--port is for the own local cloud",
  },
])("refused: $name", ({ options, environment, says }) => {
  expect(() => chooseTarget(options, environment)).toThrow(UsageError);
  expect(() => chooseTarget(options, environment)).toThrow(says);
});
