// W3C Trace Context, section 3.2: what is a valid traceparent and what is as good as none.
import { expect, test } from "vitest";
import { traceOf } from "#runtime/http/trace";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = "00f067aa0ba902b7";

const ids = () => {
  let count = 0;
  return () => `id-${(count += 1)}`;
};

test.each([
  { header: `00-${TRACE}-${PARENT}-01`, flags: "01" },
  { header: `00-${TRACE}-${PARENT}-00`, flags: "00" },
  { header: ` 00-${TRACE}-${PARENT}-01 `, flags: "01" },
  { header: `cc-${TRACE}-${PARENT}-01-what-comes-later`, flags: "01" },
])("$header is continued with a span of our own", ({ header, flags }) => {
  const trace = traceOf(header, ids());

  expect(trace.traceId).toBe(TRACE);
  expect(trace.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-${flags}$`));
  expect(trace.traceparent).not.toContain(PARENT);
});

test.each([
  undefined,
  "",
  "nonsense",
  `ff-${TRACE}-${PARENT}-01`,
  `00-${TRACE}-${PARENT}-01-more`,
  `00-${"0".repeat(32)}-${PARENT}-01`,
  `00-${TRACE}-${"0".repeat(16)}-01`,
  `00-${TRACE.toUpperCase()}-${PARENT}-01`,
  `00-${TRACE.slice(1)}-${PARENT}-01`,
])("%s begins a trace", (header) => {
  const trace = traceOf(header, ids());

  expect(trace.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(trace.traceId).not.toBe(TRACE);
  expect(trace.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
});
