/**
 * A stage may search in an OpenSearch domain of its owner's: off everywhere, and where it is on the
 * two functions are told the domain and may do no more than they ask of it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { STAGES } from "#contracts/outputs";
import { stageNamed } from "#infra/config/stages";
import { bundlesOf } from "#infra/synthesis";
import { environmentOf, root, synthesise, temporaryFolder } from "./templates.ts";

const dev = stageNamed("dev");
const stage = { ...dev, search: { ...dev.search, engine: "opensearch" as const } };

test.each(STAGES)("%s searches over the snapshot", (name) => {
  expect(stageNamed(name).search.engine).toBe("snapshot");
});

describe("a stage that searches in a domain", () => {
  const bundles = bundlesOf({ stage, root, folder: temporaryFolder() });
  const templates = synthesise({ stage, root, bundles });

  test("asks for its address and its ARN, and tells them to who searches and who builds", () => {
    const { Parameters = {} } = templates.byStack["inorder-dev-application"] ?? {};

    expect(Object.keys(Parameters)).toEqual(
      expect.arrayContaining(["SearchAddress", "SearchDomainArn"]),
    );
    for (const id of ["ProductsSearch", "ProductsBuildSearch"]) {
      expect(environmentOf(templates, id)["OPENSEARCH_URL"]).toEqual({ Ref: "SearchAddress" });
      expect(environmentOf(templates, id)).not.toHaveProperty("CATALOGUE_BUCKET");
    }
  });

  test("may search, write in bulk and make the index, and nothing else", () => {
    const policies = templates
      .ofType("AWS::IAM::Policy")
      .filter(({ id }) => /^Products(Build)?Search/.test(id))
      .map(({ properties }) => JSON.stringify(properties));

    expect(
      policies
        .join()
        .match(/es:\w+/g)
        ?.toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual(["es:ESHttpPost", "es:ESHttpPost", "es:ESHttpPut", "es:ESHttpPut"]);
  });

  test.each(["products/search", "products/build-search"])("bundles %s for it", (name) => {
    const code = readFileSync(join(bundles[name]?.folder ?? "", "index.js"), "utf8");

    expect(code).toContain('"OPENSEARCH_URL"');
    expect(code).not.toContain('"CATALOGUE_BUCKET"');
  });
});
