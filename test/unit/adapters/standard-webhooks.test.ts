// Standard Webhooks: the specification's own answer, and everything that must not pass.
import { expect, test } from "vitest";
import { newWebhookSecret, signWebhook, verifyWebhook } from "#adapters/http/standard-webhooks";
import { type EpochMs, later, seconds } from "#kernel/units";

// The example that the specification's reference libraries test against.
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const sentAt = 1_614_265_330_000 as EpochMs;
const body = '{"test": 2432232314}';
const signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

const signed = {
  "webhook-id": id,
  "webhook-timestamp": "1614265330",
  "webhook-signature": signature,
};

const verify = (headers: Record<string, string>, rawBody = body, now = sentAt, key = secret) =>
  verifyWebhook({ headers, rawBody, secret: key, now });

test("the example of the specification is signed as it says", () => {
  expect(signWebhook({ id, sentAt, body, secret })).toEqual(signed);
});

test("while a secret is rotated the header has a signature by each", () => {
  const former = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ";

  const both = signWebhook({ id, sentAt, body, secret, formerSecrets: [former] });

  const [first, second] = both["webhook-signature"].split(" ");
  expect(first).toBe(signature);
  expect(second).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
  expect(() => verify(both)).not.toThrow();
  expect(() => verify(both, body, sentAt, former)).not.toThrow();
});

test("a fresh secret is one that signs, and no other", () => {
  const [one, other] = [newWebhookSecret(), newWebhookSecret()];

  expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(one).not.toBe(other);
  expect(() =>
    verify(signWebhook({ id, sentAt, body, secret: one }), body, sentAt, one),
  ).not.toThrow();
});

test("a fraction of a second is left out of the timestamp", () => {
  const at = (sentAt + 999) as EpochMs;

  expect(signWebhook({ id, sentAt: at, body, secret })).toEqual(signed);
});

test("the example of the specification is accepted", () => {
  expect(() => verify(signed)).not.toThrow();
});

test("what is signed is accepted for any text", () => {
  const odd = '{"größe":"ü – 漢字 🚚"}\n';

  expect(() => verify({ ...signWebhook({ id, sentAt, body: odd, secret }) }, odd)).not.toThrow();
});

test("one good signature among several of any version is enough", () => {
  const several = `v1a,${"A".repeat(86)} v1,AAAA v2,x ${signature}`;

  expect(() => verify({ ...signed, "webhook-signature": several })).not.toThrow();
});

test.each([
  { name: "no id", change: { "webhook-id": "" } },
  { name: "another id", change: { "webhook-id": "msg_other" } },
  { name: "no timestamp", change: { "webhook-timestamp": "" } },
  { name: "another timestamp", change: { "webhook-timestamp": "1614265331" } },
  { name: "a timestamp that is no number", change: { "webhook-timestamp": "1614265330.0" } },
  { name: "a timestamp in ISO", change: { "webhook-timestamp": "2021-02-25T15:02:10Z" } },
  { name: "no signature", change: { "webhook-signature": "" } },
  { name: "no version", change: { "webhook-signature": signature.slice(3) } },
  {
    name: "an asymmetric version",
    change: { "webhook-signature": signature.replace("v1", "v1a") },
  },
  { name: "a shorter signature", change: { "webhook-signature": signature.slice(0, -5) } },
  { name: "an empty signature", change: { "webhook-signature": "v1," } },
  { name: "no text", change: { "webhook-signature": "v1,🚚" } },
  {
    name: "a good signature after more than anybody sends",
    change: { "webhook-signature": `${"v1,AAAA ".repeat(8)}${signature}` },
  },
])("$name is an invalid signature", ({ change }) => {
  expect(() => verify({ ...signed, ...change })).toThrow(
    expect.objectContaining({ code: "invalid-signature", action: "reject" }),
  );
});

test("another body, by as little as a space, is an invalid signature", () => {
  expect(() => verify(signed, `${body} `)).toThrow(
    expect.objectContaining({ code: "invalid-signature" }),
  );
});

test("another secret is an invalid signature", () => {
  const other = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

  expect(() => verify(signed, body, sentAt, other)).toThrow(
    expect.objectContaining({ code: "invalid-signature" }),
  );
});

test.each([301, -301, 86_400])("a signature %i seconds away from now is stale", (away) => {
  expect(() => verify(signed, body, later(sentAt, seconds(away)))).toThrow(
    expect.objectContaining({ code: "stale-timestamp", action: "reject" }),
  );
});

test.each([300, -300])("a signature %i seconds away from now is accepted", (away) => {
  expect(() => verify(signed, body, later(sentAt, seconds(away)))).not.toThrow();
});

test("a forged stale message is a forgery first", () => {
  const forged = { ...signed, "webhook-signature": "v1,AAAA" };

  expect(() => verify(forged, body, later(sentAt, seconds(1000)))).toThrow(
    expect.objectContaining({ code: "invalid-signature" }),
  );
});

test("a secret without its prefix is the same secret", () => {
  expect(() => verify(signed, body, sentAt, secret.replace("whsec_", ""))).not.toThrow();
});

test.each([
  ["too short", "whsec_AAAA"],
  ["too long", `whsec_${Buffer.alloc(65).toString("base64")}`],
  ["empty", ""],
  ["no base64", "whsec_this is no base64 although it is long enough"],
])("a secret that is %s is our own fault", (_name, bad) => {
  expect(() => verify(signed, body, sentAt, bad)).toThrow(
    expect.objectContaining({ code: "misconfigured" }),
  );
  expect(() => signWebhook({ id, sentAt, body, secret: bad })).toThrow(
    expect.objectContaining({ code: "misconfigured" }),
  );
});
