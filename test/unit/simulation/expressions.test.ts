// DynamoDB's expressions as the simulator reads them: as much as effects mostly need, and never
// something else than what is written.
import { expect, test } from "vitest";
import { holds, type Item, updated } from "#simulation/expressions";

const item: Item = { pk: { S: "a" }, count: { N: "7" }, name: { S: "Ann" }, is: { N: "7.0" } };
const placeholders = {
  names: { "#n": "name" },
  values: { ":five": { N: "5" }, ":seven": { N: "7" }, ":ann": { S: "Ann" }, ":bob": { S: "Bob" } },
};

test.each([
  ["attribute_exists(pk)", true],
  ["attribute_not_exists(#n)", false],
  ["NOT attribute_exists(other)", true],
  ["count > :five AND count <= :seven", true],
  ["count < :five OR #n = :ann", true],
  ["(count < :five OR #n = :ann) AND #n <> :bob", true],
  ["#n >= :bob", false],
  ["count = :ann", false],
  ["other < :five", false],
  ["count = is", true],
])("%s is %s", (expression, expected) => {
  expect(holds(expression, item, placeholders)).toBe(expected);
});

test.each<[string, Item]>([
  ["SET #n = :bob", { ...item, name: { S: "Bob" } }],
  ["SET count = count + :five, #n = :bob", { ...item, count: { N: "12" }, name: { S: "Bob" } }],
  ["SET count = count - :five", { ...item, count: { N: "2" } }],
  ["SET other = if_not_exists(other, :five) + :seven", { ...item, other: { N: "12" } }],
  ["ADD count :five, other :five", { ...item, count: { N: "12" }, other: { N: "5" } }],
  ["REMOVE #n, is SET count = :five", { pk: { S: "a" }, count: { N: "5" } }],
  ["SET count = :five, other = count", { ...item, count: { N: "5" }, other: { N: "7" } }],
])("%s", (expression, expected) => {
  expect(updated(expression, item, placeholders)).toEqual(expected);
});

test.each([
  "begins_with(pk, :ann)",
  "pk = :ann AND",
  "pk IN (:ann, :bob)",
  "pk = :nobody",
  "#other = :ann",
  "a.b = :ann",
  "a[0] = :ann",
  "",
])("the condition %j is refused", (expression) => {
  expect(() => holds(expression, item, placeholders)).toThrow(/does not read the expression/);
});

test.each(["DELETE #n :ann", "SET name", "SET other = nothing", "ADD #n :five", "count = :five"])(
  "the update %j is refused",
  (expression) => {
    expect(() => updated(expression, item, placeholders)).toThrow(/does not read the expression/);
  },
);
