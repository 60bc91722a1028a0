/**
 * GET /.well-known/jwks.json: the public keys that tokens may be signed with.
 */
import { kmsTokenSigner } from "#adapters/aws/kms/token-signer";
import { SERVICES } from "#contracts/metrics";
import { config } from "#runtime/config";
import { httpFunction } from "#runtime/http-function";
import { jwksRoute } from "./routes.ts";

export const handler = httpFunction({
  service: SERVICES.users,
  routes: [jwksRoute(kmsTokenSigner(config("TOKEN_KEY_IDS")))],
});
