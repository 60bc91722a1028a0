/**
 * A request that something is wrong with, and how it is refused.
 */

export type Sender = "owner" | "stranger" | "without-scope" | "nobody";

export type BadRequest = {
  readonly name: string;
  readonly sender: Sender;
  readonly path: string;
  /** As it is sent; what it is signed with, where it is, is right. */
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code: string;
  /** All that the answer points to; absent: whatever it says. */
  readonly pointers?: readonly string[];
};

/** What of a request is changed, and how it is then refused. */
export type Fault = Pick<BadRequest, "name" | "status" | "code" | "pointers"> &
  Partial<Pick<BadRequest, "sender" | "path" | "headers">> & { readonly body?: string };
