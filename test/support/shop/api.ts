/**
 * Requests to the deployed API as any HTTP client sends them, bad ones included.
 */

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Empty where the text is no JSON object. */
  readonly body: Record<string, unknown>;
};

export type Call = {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is when it is text, else as JSON. */
  readonly body?: unknown;
};

export type Send = (method: string, path: string, call?: Call) => Promise<Answer>;

export const sendsTo =
  (api: string): Send =>
  async (method, path, { token, headers, body } = {}) => {
    const json = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(`${api}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: json }),
      redirect: "manual",
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };

export const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

function parsed(text: string): Record<string, unknown> {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return {};
  }
}
