/**
 * Reads a token request (RFC 6749 sections 2.3.1, 3.2, 4.4.2): the form, and the client's
 * credentials from either place.
 */
import { tokenForm } from "#contracts/http/auth";
import { refused, type OAuthRefusal } from "./oauth-refusal.ts";

export type TokenRequest = {
  readonly kind: "request";
  readonly grantType: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Absent when the client leaves it to us. */
  readonly scope: string | undefined;
};

type Credentials = { readonly clientId: string; readonly clientSecret: string };

/** @param authorization the header of that name, if there is one */
export function readTokenRequest(
  form: string,
  authorization: string | undefined,
): TokenRequest | OAuthRefusal {
  const pairs = [...new URLSearchParams(form)].filter(([name]) => name in tokenForm.shape);
  const fields = new Map(pairs);
  if (fields.size < pairs.length) return refused("invalid_request", "A parameter is given twice.");
  // Section 3.2: what is not known is ignored, what has no value is treated as left out.
  const named = Object.fromEntries([...fields].filter(([, value]) => value !== ""));
  const parsed = tokenForm.safeParse(named);
  if (!parsed.success) return refused("invalid_request", wrongFields(parsed.error.issues));

  const { grant_type: grantType, client_id, client_secret, scope } = parsed.data;
  if (authorization !== undefined && client_secret !== undefined) {
    return refused("invalid_request", "Give the credentials in one place, not in two.");
  }
  const credentials =
    authorization === undefined
      ? inForm(client_id, client_secret)
      : inHeader(authorization, client_id);
  if (credentials === undefined) return refused("invalid_client", UNKNOWN_CLIENT);
  return { kind: "request", grantType, ...credentials, scope };
}

/**
 * The same for no, unreadable, unknown and wrong credentials: it tells nobody which clients exist.
 */
export const UNKNOWN_CLIENT = "The client is not known or its credentials are wrong.";

const inForm = (clientId?: string, clientSecret?: string): Credentials | undefined =>
  clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret };

/** HTTP Basic (RFC 7617) with both parts form-encoded first, as section 2.3.1 asks. */
function inHeader(authorization: string, formClientId?: string): Credentials | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization)?.[1];
  const decoded = encoded === undefined ? undefined : decodedText(encoded);
  const colon = decoded?.indexOf(":") ?? -1;
  if (decoded === undefined || colon < 1) return undefined;
  const clientId = formDecoded(decoded.slice(0, colon));
  const clientSecret = formDecoded(decoded.slice(colon + 1));
  if (clientId === undefined || clientSecret === undefined) return undefined;
  const bounded =
    tokenForm.shape.client_id.safeParse(clientId).success &&
    tokenForm.shape.client_secret.safeParse(clientSecret).success;
  const consistent = formClientId === undefined || formClientId === clientId;
  return bounded && consistent ? { clientId, clientSecret } : undefined;
}

function decodedText(base64: string): string | undefined {
  try {
    return atob(base64);
  } catch {
    return undefined;
  }
}

function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

const wrongFields = (issues: readonly { readonly path: PropertyKey[] }[]): string => {
  const names = new Set(issues.map(({ path }) => String(path[0])));
  return `These parameters are missing or not as documented: ${[...names].join(", ")}.`;
};
