/**
 * The token endpoint and the published keys, over whatever signs and stores.
 */
import { route } from "#runtime/http-route";
import { issueToken, type TokenDependencies } from "#services/users/issue-token";
import type { TokenSigner } from "#services/users/ports";

/**
 * What OAuth refuses is answered in the shape of RFC 6749 section 5.2, which is what OAuth clients
 * read; what is refused before OAuth begins (method, size, media type), as problem+json.
 */
export const tokenRoute = (dependencies: TokenDependencies) =>
  route({
    route: "POST /oauth2/token",
    bodyFormat: "form",
    bodyBytesMax: 4096,
    // RFC 6749 section 3.2: parameters that are not recognised are ignored.
    hasAnyQuery: true,
    async handle({ rawBody, headers, now }) {
      const { authorization } = headers;
      const result = await issueToken(dependencies, { form: rawBody, authorization, now });
      if (result.kind === "issued") return { status: 200, body: result.answer, headers: NO_CACHE };
      const { error, description } = result;
      const body = { error, error_description: description };
      if (error !== "invalid_client") return { status: 400, body, headers: NO_CACHE };
      return { status: 401, body, headers: { ...NO_CACHE, ...BASIC_CHALLENGE } };
    },
  });

/** RFC 6749 section 5.1 asks for it beside the `no-store` that every answer has. */
const NO_CACHE = { pragma: "no-cache" };
const BASIC_CHALLENGE = { "www-authenticate": 'Basic realm="inorder", charset="UTF-8"' };

/** RFC 7517, for verifiers outside; ours read the keys themselves. */
export const jwksRoute = (signer: Pick<TokenSigner, "publicKeys">) =>
  route({
    route: "GET /.well-known/jwks.json",
    handle: async () => ({
      status: 200,
      body: { keys: await signer.publicKeys() },
      headers: CACHEABLE,
    }),
  });

/**
 * A new key is published well before it signs, so what verifiers keep for ten minutes is never too
 * old.
 */
const CACHEABLE = { "cache-control": "public, max-age=600" };
