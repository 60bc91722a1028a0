/**
 * Everything that can be wrong with a request, made from one that is right: who sends it, what it
 * is about, under which key and version, and what it says.
 */
import { randomUUID } from "node:crypto";
import type { Route } from "#contracts/http/route";
import type { BadRequest, Fault } from "./bad-request.ts";
import type { GoodRequest } from "./good-requests.ts";
import { bodyFaults } from "./body-faults.ts";

export const faultsOf = (route: Route, good: GoodRequest): readonly BadRequest[] => {
  return [
    { name: "HTML wanted", headers: { accept: "text/html" }, ...NOT_ACCEPTABLE },
    { name: "another version", headers: { "api-version": "1999-12-31" }, ...UNKNOWN_VERSION },
    ...senderFaults(route, good),
    ...pathFaults(route, good),
    ...queryFaults(route, good),
    ...keyFaults(good),
    ...versionFaults(good),
    ...bodyFaults(good),
  ].map(({ headers, ...fault }) => ({
    ...rightRequest(route, good),
    ...fault,
    headers: withoutEmpty({ ...rightRequest(route, good).headers, ...headers }),
  }));
};

const UNKNOWN_VERSION = { status: 400, code: "unknown-version" };
const NOT_ACCEPTABLE = { status: 406, code: "not-acceptable" };
const UNAUTHENTICATED = { status: 401, code: "unauthenticated" };
const NOT_FOUND = { status: 404, code: "not-found" };
const INVALID = { status: 400, code: "invalid-request" };

/** As it is sent when nothing is wrong with it. */
export function rightRequest({ path }: Route, good: GoodRequest) {
  const named = Object.entries(good.path ?? {});
  const filled = named.reduce((text, [name, value]) => text.replace(`{${name}}`, value), path);
  const headers = {
    ...(good.body !== undefined && { "content-type": "application/json" }),
    ...(good.hasKey === true && { "idempotency-key": randomUUID() }),
    ...(good.ifMatch !== undefined && { "if-match": good.ifMatch }),
  };
  return {
    sender: "owner" as const,
    path: good.query === undefined ? filled : `${filled}?${good.query}`,
    body: good.body === undefined ? undefined : JSON.stringify(good.body),
    headers,
  };
}

/** An empty header takes the right one away. */
const withoutEmpty = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ""));

function senderFaults({ access }: Route, { isOwned }: GoodRequest): readonly Fault[] {
  if (access === "public" || access === "api-key") return [];
  if (access === "signature") {
    return [{ name: "no signature", sender: "nobody", status: 401, code: "invalid-signature" }];
  }
  const forged = { name: "a token that is none", sender: "nobody", ...UNAUTHENTICATED } as const;
  return [
    { ...forged, headers: { authorization: "Bearer a.b.c" } },
    { name: "another scope", sender: "without-scope", status: 403, code: "insufficient-scope" },
    ...(access === "cart-holder" && isOwned !== true
      ? []
      : [{ name: "no token", sender: "nobody", ...UNAUTHENTICATED } as const]),
    ...(isOwned === true
      ? [{ name: "somebody else's", sender: "stranger", ...NOT_FOUND } as const]
      : []),
  ];
}

const HOSTILE_IDS = {
  SQL: "' OR 1=1; --",
  HTML: "<script>alert(1)</script>",
  "a template": "{{7*7}}${7*7}",
  "a prototype": "{}.__proto__",
  NUL: "x\u0000y",
  "a path": "../../etc/passwd",
  "a very long one": "x".repeat(2_500),
} as const;

/** Of the form of an id. */
const UNKNOWN_IDS = { "an unknown one": "0".repeat(26), "a prototype's key": "__proto__" };

function pathFaults({ path }: Route, { path: given = {}, mayBeUnknown }: GoodRequest) {
  return Object.keys(given).flatMap((wrong) => {
    const ids = wrong === mayBeUnknown ? HOSTILE_IDS : { ...HOSTILE_IDS, ...UNKNOWN_IDS };
    return Object.entries(ids).map(([kind, id]): Fault => {
      const named = Object.entries({ ...given, [wrong]: id });
      const filled = named.reduce(
        (text, [name, value]) => text.replace(`{${name}}`, encodeURIComponent(value)),
        path,
      );
      return { name: `${kind} as ${wrong}`, path: filled, ...NOT_FOUND };
    });
  });
}

function queryFaults(route: Route, good: GoodRequest): readonly Fault[] {
  const { query, hasAnyQuery } = good;
  const [path = ""] = rightRequest(route, good).path.split("?");
  const bad = (name: string, text: string, pointer: string): Fault => ({
    name,
    path: `${path}?${text}`,
    ...INVALID,
    pointers: [`/query/${pointer}`],
  });
  if (hasAnyQuery === true) return [];
  if (query === undefined) return [bad("a parameter that means nothing", "dryRun=true", "dryRun")];
  return [
    bad("an unknown parameter", `${query}&nobody-knows=1`, "nobody-knows"),
    bad("a parameter twice", `${query}&limit=2&limit=3`, "limit"),
    bad("no limit at all", `${query.replace("limit=1", "")}&limit=0`, "limit"),
    bad("a limit that is a text", `${query.replace("limit=1", "")}&limit=ten`, "limit"),
    bad("too high a limit", `${query.replace("limit=1", "")}&limit=1000000`, "limit"),
  ];
}

function keyFaults({ hasKey }: GoodRequest): readonly Fault[] {
  if (hasKey !== true) return [];
  return [
    {
      name: "no Idempotency-Key",
      headers: { "idempotency-key": "" },
      status: 400,
      code: "idempotency-key-missing",
    },
    { name: "too long a key", headers: { "idempotency-key": "k".repeat(300) }, ...INVALID },
    { name: "a key of two words", headers: { "idempotency-key": "two words" }, ...INVALID },
  ];
}

function versionFaults({ ifMatch }: GoodRequest): readonly Fault[] {
  if (ifMatch === undefined) return [];
  return [
    {
      name: "no If-Match",
      headers: { "if-match": "" },
      status: 428,
      code: "precondition-required",
    },
    {
      name: "a version that was never",
      headers: { "if-match": '"99"' },
      status: 412,
      code: "precondition-failed",
    },
  ];
}
