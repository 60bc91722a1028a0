/**
 * Sandboxes may share copies in a cache of the stage's owner: off everywhere, and where it is on
 * one function more is deployed, and two reach the cache from its network and may do no more.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { STAGES } from "#contracts/outputs";
import { bundleFunctions } from "#infra/bundle";
import { stageNamed } from "#infra/config/stages";
import { bundlesOf } from "#infra/synthesis";
import {
  environmentOf,
  type Resource,
  root,
  statements,
  synthesise,
  temporaryFolder,
} from "./templates.ts";

const dev = stageNamed("dev");
const stage = { ...dev, cache: { ...dev.cache, shared: "valkey" as const } };

test.each(STAGES)("%s has no cache but its sandboxes' memory", (name) => {
  expect(stageNamed(name).cache.shared).toBe("none");
});

const isPolicyOf = ({ type, id }: Resource, start: string): boolean =>
  type === "AWS::IAM::Policy" && id.startsWith(start);

describe("a stage whose sandboxes share a cache", () => {
  const bundles = bundlesOf({ stage, root, folder: temporaryFolder() });
  const templates = synthesise({ stage, root, bundles });
  const functions = templates.ofType("AWS::Lambda::Function");
  const named = (id: string) => functions.find((one) => one.id.startsWith(id));
  const users = ["ProductsHttp", "ProductsOutdateCopies"];

  test("asks for its address and its network, and tells them to who uses it", () => {
    const { Parameters = {} } = templates.byStack["inorder-dev-application"] ?? {};

    expect(Object.keys(Parameters)).toEqual(
      expect.arrayContaining(["CacheSecretArn", "CacheSubnets", "CacheSecurityGroups"]),
    );
    for (const id of users) {
      expect(environmentOf(templates, id)["CACHE_SECRET_ARN"]).toEqual({ Ref: "CacheSecretArn" });
      expect(named(id)?.properties["VpcConfig"]).toEqual({
        SubnetIds: { Ref: "CacheSubnets" },
        SecurityGroupIds: { Ref: "CacheSecurityGroups" },
      });
    }
    expect(environmentOf(templates, "ProductsHttp")["CACHE_FRESH_SECONDS"]).toBe("60");
    const inside = functions.filter(({ properties }) => "VpcConfig" in properties);
    expect(inside).toHaveLength(users.length);
  });

  test("who outdates copies may read the secret and be in the network, and nothing else", () => {
    const allowed = statements(templates)
      .filter(({ owner, effect }) => effect === "Allow" && isPolicyOf(owner, "ProductsOutdate"))
      .flatMap(({ actions }) => actions);
    const services = allowed.map((action) => action.split(":")[0]);

    expect(new Set(services)).toEqual(new Set(["xray", "secretsmanager", "ec2"]));
  });

  test.each(users)("the code of %s may not touch the network that Lambda makes for it", (id) => {
    const network = statements(templates)
      .filter(({ owner }) => isPolicyOf(owner, id))
      .map((one) => ({ ...one, actions: one.actions.filter((name) => name.startsWith("ec2:")) }))
      .filter(({ actions }) => actions.length > 0);
    const [allowed, denied] = ["Allow", "Deny"].map((wanted) =>
      network.filter(({ effect }) => effect === wanted).flatMap(({ actions }) => actions),
    );

    expect(allowed).toContain("ec2:CreateNetworkInterface");
    expect(denied).toEqual(allowed);
    expect(network.map(({ conditions }) => conditions)).toEqual([
      null,
      { Null: { "lambda:SourceFunctionArn": "false" } },
    ]);
  });

  test("hears of each change while copies of what was before may be there", () => {
    const rules = templates.ofType("AWS::Events::Rule");
    const rule = rules.find(({ id }) => id.startsWith("ChangesOfCopies"));
    const [invoked] = templates.ofType("AWS::Lambda::EventInvokeConfig");

    expect(rule?.properties["EventPattern"]).toEqual({ "detail-type": ["product.changed"] });
    expect(rule?.properties["Targets"]).toMatchObject([
      { RetryPolicy: { MaximumEventAgeInSeconds: 60 } },
    ]);
    expect(invoked?.properties["MaximumEventAgeInSeconds"]).toBe(60);
    expect(templates.behind(invoked?.properties["FunctionName"], rule?.stack ?? "")?.id).toBe(
      named("ProductsOutdateCopies")?.id,
    );
  });

  test("bundles the client of the cache for it, and nothing of it without", () => {
    const code = (folder = "") => readFileSync(join(folder, "index.js"), "utf8");
    const names = ["products/http"];
    const without = bundleFunctions({ root, names, folder: temporaryFolder() });

    expect(code(bundles["products/http"]?.folder)).toContain("disableOfflineQueue");
    expect(code(without["products/http"]?.folder)).not.toContain("disableOfflineQueue");
  });
});
