/**
 * What the token endpoint refuses, in the words of RFC 6749 section 5.2. OAuth clients read this
 * shape and no other, so these answers are the one exception to problem+json; whatever is refused
 * before OAuth begins (size, media type, method) is not.
 */

export type OAuthError =
  | "invalid_request"
  | "invalid_client"
  | "unsupported_grant_type"
  | "invalid_scope";

export type OAuthRefusal = {
  readonly kind: "refused";
  readonly error: OAuthError;
  readonly description: string;
};

export const refused = (error: OAuthError, description: string): OAuthRefusal => ({
  kind: "refused",
  error,
  description,
});
