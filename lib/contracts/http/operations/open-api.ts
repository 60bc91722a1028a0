/**
 * The document of the routes, OpenAPI 3.1: written from the route table and from the very schemas
 * that read requests.
 * Source: https://spec.openapis.org/oas/v3.1.1
 */
import type { JsonObject } from "#kernel/json";
import { PROBLEM_TYPE, problemSchema } from "../problem.ts";
import type { Route } from "../route.ts";
import { document as named, type Operation } from "./operation.ts";
import { parametersOf, PARAMETERS } from "./parameters.ts";
import { refusalsOf } from "./refusals.ts";
import { answerHeaders, HEADERS } from "./answer-headers.ts";
import { schemaReference, schemasOf } from "./schemas.ts";
import { securityOf, SECURITY_SCHEMES } from "./security.ts";

export type Described = { readonly route: Route; readonly operation: Operation };

const VERSION = "1.0.0";

export function openApi(described: readonly Described[]): JsonObject {
  return {
    openapi: "3.1.1",
    info: {
      title: "Inorder: the shop",
      version: VERSION,
      description:
        "Unknown fields and parameters are refused. Amounts are whole numbers of minor units " +
        "(ISO 4217). Every refusal is problem details (RFC 9457) with pointers to what is wrong.",
      license: { name: "MIT", identifier: "MIT" },
    },
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    servers: [{ url: "https://{address}", variables: { address: ADDRESS } }],
    paths: pathsOf(described),
    components: {
      schemas: schemasOf([
        ...described.flatMap(({ operation }) => answersOf(operation)),
        { ...problem, io: "output" as const },
        ...described.flatMap(({ operation: { body } }) =>
          body === undefined ? [] : [{ ...body, io: "input" as const }],
        ),
      ]),
      parameters: PARAMETERS,
      headers: HEADERS,
      responses: {
        Problem: {
          description: "Refused or failed; `type` says why.",
          headers: answerHeaders(),
          content: PROBLEM_CONTENT,
        },
      },
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

const ADDRESS = {
  default: "shop.example",
  description: "Where it is deployed; the document that a shop serves says it.",
};

const problem = named("Problem", problemSchema);

const PROBLEM_CONTENT = { [PROBLEM_TYPE]: { schema: schemaReference(problem) } };

const answersOf = ({ answer, refusal }: Operation) =>
  [answer.body, refusal].flatMap((one) =>
    one === undefined ? [] : [{ ...one, io: "output" as const }],
  );

const pathsOf = (described: readonly Described[]): JsonObject =>
  Object.fromEntries(
    [...Map.groupBy(described, ({ route }) => route.path)].map(([path, rows]) => [
      path,
      Object.fromEntries(rows.map((row) => [row.route.method.toLowerCase(), operationOf(row)])),
    ]),
  );

function operationOf({ route, operation }: Described): JsonObject {
  const { body, mediaType = "application/json" } = operation;
  const parameters = parametersOf(route, operation);
  return {
    operationId: operationId(route),
    summary: operation.summary,
    tags: [tagOf(route)],
    ...(route.deprecated !== undefined && {
      deprecated: true,
      externalDocs: { url: route.deprecated.documentation },
    }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: { required: true, content: { [mediaType]: { schema: schemaReference(body) } } },
    }),
    responses: responsesOf(route, operation),
    security: securityOf(route),
  };
}

function responsesOf(route: Route, operation: Operation): JsonObject {
  const { answer, refusal, takes = [] } = operation;
  const refused = refusalsOf(route, operation).map((status): [string, JsonObject] => [
    String(status),
    (status === 400 || status === 401) && refusal !== undefined
      ? { description: "Refused.", content: { ...jsonContent(refusal), ...PROBLEM_CONTENT } }
      : { $ref: "#/components/responses/Problem" },
  ]);
  return {
    [String(answer.status)]: {
      description: answer.status === 202 ? "Accepted; it goes on." : "Done.",
      headers: answerHeaders(answer.headers, route.deprecated),
      ...(answer.body !== undefined && { content: jsonContent(answer.body) }),
    },
    ...(takes.includes("If-None-Match") && {
      "304": { description: "You have it already.", headers: answerHeaders(answer.headers) },
    }),
    ...Object.fromEntries(refused),
    default: { $ref: "#/components/responses/Problem" },
  };
}

const jsonContent = (body: { readonly name: string }) => ({
  "application/json": { schema: schemaReference(body) },
});

/** `GET /v1/orders/{orderId}` is `getOrdersOrderId`. */
const operationId = ({ method, path }: Route): string =>
  [method.toLowerCase(), ...wordsOf(path).map(capital)].join("");

const tagOf = ({ path }: Route): string => wordsOf(path)[0] ?? "gateway";

const wordsOf = (path: string): readonly string[] =>
  path.split(/[^A-Za-z0-9]+/).filter((word) => word !== "" && word !== "v1");

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
