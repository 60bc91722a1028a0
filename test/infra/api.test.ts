/**
 * The APIs: exactly the routes of the contracts, throttled, logged, and answering in the contracts'
 * words before any function.
 */
import { describe, expect, test } from "vitest";
import { GATEWAY_PROBLEMS } from "#contracts/http/gateway-problems";
import { PROBLEM_TYPE, problemSchema } from "#contracts/http/problem";
import { PROVIDER_ROUTES } from "#contracts/http/provider-routes";
import type { Route } from "#contracts/http/route";
import { ROUTES } from "#contracts/http/routes";
import { PROBED_KEY } from "#contracts/item-prefixes";
import { STAGES, stackNames } from "#contracts/outputs";
import { stageNamed } from "#infra/config/stages";
import { functionId } from "#infra/functions";
import {
  fields,
  type Json,
  list,
  type Resource,
  root,
  statements,
  synthesise,
  emptyBundles,
  type Templates,
  templatesOf,
  text,
} from "./templates.ts";

describe.each(STAGES)("in %s", (name) => {
  const templates = templatesOf(name);
  const stage = stageNamed(name);
  const names = stackNames(name);
  const apis: (readonly [string, readonly Route[]])[] = [[names.application, ROUTES]];
  if (stage.features.simulatedProvider) apis.push([names.provider, PROVIDER_ROUTES]);

  test.each(apis)("%s deploys the routes of the table and nothing else", (stack, routes) => {
    const deployed = methodsOf(templates, stack).filter(({ method }) => method !== "ANY");
    expect(deployed.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(
      routes.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
    for (const route of routes) {
      const found = deployed.find((one) => one.method === route.method && one.path === route.path);
      expect(found?.target).toContain(functionId(route.entry));
    }
  });

  test.each(apis)(
    "%s hands every other method of a path to a function of that path, HEAD to that of GET",
    (stack, routes) => {
      const rest = methodsOf(templates, stack).filter(({ method }) => method === "ANY");
      expect(rest.map(({ path }) => path).toSorted()).toEqual(
        [...new Set(routes.map(({ path }) => path))].toSorted(),
      );
      for (const { path, target } of rest) {
        const rows = routes.filter((route) => route.path === path);
        const read = rows.filter(({ method }) => method === "GET");
        const [first] = [...read, ...rows];
        expect(target).toContain(functionId(first?.entry ?? ""));
      }
    },
  );

  test("stages are throttled, traced, and log without bodies", () => {
    for (const { properties } of templates.ofType("AWS::ApiGateway::Stage")) {
      const settings = list(properties["MethodSettings"]).map(fields);
      const all = settings.find((one) => one["HttpMethod"] === "*" && one["ResourcePath"] === "/*");
      expect(all).toMatchObject({
        ThrottlingRateLimit: stage.throttle.requestsPerSecond,
        ThrottlingBurstLimit: stage.throttle.burst,
        LoggingLevel: "ERROR",
        DataTraceEnabled: false,
      });
      expect(properties["TracingEnabled"]).toBe(true);
      expect(fields(properties["AccessLogSetting"])["DestinationArn"]).toBeDefined();
    }
  });

  test("the token endpoint has a throttle of its own", () => {
    const [shop] = templates
      .ofType("AWS::ApiGateway::Stage")
      .filter(({ stack }) => stack === names.application);
    const settings = list(shop?.properties["MethodSettings"]).map(fields);
    expect(settings).toContainEqual(
      expect.objectContaining({
        HttpMethod: "POST",
        ResourcePath: "/~1oauth2~1token",
        ThrottlingRateLimit: stage.tokenThrottle.requestsPerSecond,
        ThrottlingBurstLimit: stage.tokenThrottle.burst,
      }),
    );
  });

  test("what the gateway answers itself is problem details", () => {
    const answers = templates
      .ofType("AWS::ApiGateway::GatewayResponse")
      .filter(({ stack }) => stack === names.application);
    expect(answers.map(({ properties }) => text(properties["ResponseType"])).toSorted()).toEqual(
      Object.keys(GATEWAY_PROBLEMS).toSorted(),
    );
    for (const { properties } of answers) {
      const template = fields(properties["ResponseTemplates"])["application/json"];
      const problem = problemSchema.parse(JSON.parse(text(template)));
      expect(String(problem.status)).toBe(properties["StatusCode"]);
      expect(properties["ResponseParameters"]).toMatchObject({
        "gatewayresponse.header.Content-Type": `'${PROBLEM_TYPE}'`,
      });
    }
  });

  test("the function for anybody may read the items that nobody writes, and nothing else", () => {
    const reads = statements(templates).filter(
      ({ owner, actions }) =>
        owner.id.startsWith(`${functionId("gateway/http")}RoleDefaultPolicy`) &&
        !actions.some((action) => action.startsWith("xray:")),
    );
    expect(reads.map(({ actions, resources }) => [actions, resources.length])).toEqual([
      [["dynamodb:GetItem"], 5],
    ]);
    expect(reads[0]?.conditions).toEqual({
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [PROBED_KEY] },
    });
  });

  test("the gateway may log before the first API is deployed", () => {
    const [account] = templates.ofType("AWS::ApiGateway::Account");
    expect(account?.stack).toBe(names.data);
  });
});

test("tokens name the API's own address as their issuer", () => {
  const onAws = issuer(templatesOf("prod"));
  const local = issuer(
    synthesise({
      stage: stageNamed("local"),
      root,
      bundles: emptyBundles(),
      endpoint: "http://127.0.0.1:4566/",
    }),
  );

  expect(onAws).toMatch(/^https:\/\/ShopApi\w+\.execute-api\.AWS::Region\.AWS::URLSuffix\/prod$/);
  expect(local).toMatch(/^http:\/\/127\.0\.0\.1:4566\/_aws\/execute-api\/ShopApi\w+\/local$/);
});

function issuer(templates: Templates): string {
  const auth = templates
    .ofType("AWS::Lambda::Function")
    .find(({ id }) => id.startsWith(functionId("users/auth")));
  const { Variables } = fields(auth?.properties["Environment"]);
  return joined(fields(Variables)["TOKEN_ISSUER"]);
}

/** A joined text, with the names of what is referred to in their places. */
function joined(value: Json | undefined): string {
  const [separator, parts] = list(fields(value)["Fn::Join"]);
  return list(parts)
    .map((part) => (typeof part === "string" ? part : text(fields(part)["Ref"])))
    .join(text(separator));
}

type Method = { readonly method: string; readonly path: string; readonly target: string };

function methodsOf(templates: Templates, stack: string): readonly Method[] {
  return templates
    .ofType("AWS::ApiGateway::Method")
    .filter((method) => method.stack === stack)
    .map(({ properties }) => ({
      method: text(properties["HttpMethod"]),
      path: pathOf(templates, templates.behind(properties["ResourceId"], stack)),
      target: JSON.stringify(fields(properties["Integration"])["Uri"]),
    }));
}

function pathOf(templates: Templates, resource: Resource | undefined): string {
  if (resource?.type !== "AWS::ApiGateway::Resource") return "";
  const parent = templates.behind(resource.properties["ParentId"], resource.stack);
  return `${pathOf(templates, parent)}/${text(resource.properties["PathPart"])}`;
}
