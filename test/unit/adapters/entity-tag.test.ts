// RFC 9110 sections 8.8.3 and 13.1.2.
import { expect, test } from "vitest";
import { entityTag, holdsEntityTag, matchesEntityTag } from "#adapters/http/entity-tag";

const tag = entityTag({ sku: "lamp", price: 1 });

test("equal representations have one tag, others have another", () => {
  expect(tag).toMatch(/^"[0-9a-f]{32}"$/);
  expect(entityTag({ sku: "lamp", price: 1 })).toBe(tag);
  expect(entityTag({ sku: "lamp", price: 2 })).not.toBe(tag);
  expect(entityTag({ price: 1, sku: "lamp" })).not.toBe(tag);
});

test.each([tag, `W/${tag}`, `"a", ${tag}`, `"a,b" ,W/${tag}`, "*", " * "])(
  "%s matches",
  (header) => {
    expect(matchesEntityTag(header, tag)).toBe(true);
  },
);

test.each([undefined, "", '"other"', tag.slice(1, -1), `"x${tag.slice(1)}`, '"*"'])(
  "%s does not match",
  (header) => {
    expect(matchesEntityTag(header, tag)).toBe(false);
  },
);

test.each([
  { header: tag, holds: true },
  { header: `"a", ${tag}`, holds: true },
  { header: `"a,b" ,${tag}, W/"c"`, holds: true },
  { header: " * ", holds: true },
  { header: `W/${tag}`, holds: false },
  { header: `"a", W/${tag}`, holds: false },
  { header: '"other"', holds: false },
  { header: tag.slice(1, -1), holds: false },
  { header: '"*"', holds: false },
])("If-Match $header holds it by strong comparison: $holds", ({ header, holds }) => {
  expect(holdsEntityTag(header, tag)).toBe(holds);
});
