/**
 * A real account is never reached because a variable was forgotten.
 */
import { describe, expect, test } from "vitest";
import { stageUrl } from "../../../bin/operator/api-url.ts";
import { deploy } from "../../../bin/operator/deploy.ts";
import { targetEnvironment } from "../../../bin/operator/target.ts";

const endpoint = { AWS_ENDPOINT_URL: "http://127.0.0.1:4566", AWS_ACCESS_KEY_ID: "test" };
const machine = {
  PATH: "/bin",
  AWS_PROFILE: "production",
  AWS_ACCESS_KEY_ID: "AKIA",
  UNSET: undefined,
};

describe("the environment of a deployment", () => {
  test("needs an endpoint or the word for a real account", () => {
    expect(() => targetEnvironment({ environment: {} }, machine)).toThrow(/--target aws/);
    expect(() => targetEnvironment({ environment: { AWS_ENDPOINT_URL: "" } }, machine)).toThrow(
      /No endpoint is given/,
    );
  });

  test("refuses both", () => {
    expect(() => targetEnvironment({ environment: endpoint, target: "aws" }, machine)).toThrow(
      /exclude each other/,
    );
  });

  test("for an endpoint takes nothing of the machine's own AWS settings", () => {
    expect(targetEnvironment({ environment: endpoint }, machine)).toEqual({
      PATH: "/bin",
      ...endpoint,
    });
  });

  test("for AWS takes them all", () => {
    expect(targetEnvironment({ environment: {}, target: "aws" }, machine)).toEqual({
      PATH: "/bin",
      AWS_PROFILE: "production",
      AWS_ACCESS_KEY_ID: "AKIA",
    });
  });

  test("for AWS refuses an endpoint of the machine", () => {
    const own = { ...machine, ...endpoint };
    expect(() => targetEnvironment({ environment: {}, target: "aws" }, own)).toThrow(
      /exclude each other/,
    );
  });
});

describe("the address of a deployed API", () => {
  test("is a path of the endpoint", () => {
    expect(stageUrl("abc", "local", endpoint)).toBe(
      "http://127.0.0.1:4566/_aws/execute-api/abc/local",
    );
  });

  test("is a host of the region on AWS", () => {
    expect(stageUrl("abc", "dev", { AWS_REGION: "eu-west-1" })).toBe(
      "https://abc.execute-api.eu-west-1.amazonaws.com/dev",
    );
    expect(stageUrl("abc", "dev", { AWS_DEFAULT_REGION: "cn-north-1" })).toBe(
      "https://abc.execute-api.cn-north-1.amazonaws.com.cn/dev",
    );
  });

  test("cannot be known without either", () => {
    expect(() => stageUrl("abc", "dev", {})).toThrow(/set AWS_REGION/);
  });
});

test("a deployment without a target is refused before anything is done", async () => {
  const told: unknown[] = [];
  const deploying = deploy({
    stage: "local",
    environment: {},
    onProgress: (progress) => told.push(progress),
  });
  await expect(deploying).rejects.toThrow(/a real AWS account is used only when it is asked for/);
  expect(told).toEqual([]);
});
