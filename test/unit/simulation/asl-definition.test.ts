import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stateMachine } from "#simulation/state-machine/definition";
import { type Definition, FUNCTION, machine, task } from "../../support/state-machine-run.ts";

const shipped = readFileSync(
  join(import.meta.dirname, "../../../stepfunctions/order-saga.asl.json"),
  "utf8",
);
const end = { Type: "Succeed" };

const reading = (state: Definition) => () => machine({ First: state, End: end });

test("the shipped saga is read, every state of it", () => {
  const { startAt, states } = stateMachine(shipped.replaceAll(/\$\{\w+\}/g, FUNCTION));

  expect(startAt).toBe("Begin");
  expect([...states.keys()]).toEqual(
    Object.keys((JSON.parse(shipped) as { readonly States: object }).States),
  );
  expect(states.get("Authorise")).toMatchObject({
    type: "Task",
    resource: FUNCTION,
    timeoutSeconds: 20,
    next: "CreateShipment",
    retriers: [
      { intervalSeconds: 1, backoffRate: 2, attemptsMax: 8, delaySecondsMax: 30, jitter: "FULL" },
      { errorEquals: ["OutcomePending"], intervalSeconds: 2 },
    ],
    catchers: [
      { errorEquals: ["PaymentDeclined"], next: "Void" },
      { errorEquals: ["States.ALL"], next: "Void" },
    ],
  });
});

test("what a definition leaves out is as the language has it", () => {
  const { states } = machine({ First: task({ Retry: [{ ErrorEquals: ["Odd"] }] }) });

  expect(states.get("First")).toMatchObject({
    timeoutSeconds: 60,
    retriers: [{ intervalSeconds: 1, backoffRate: 2, attemptsMax: 3, jitter: "NONE" }],
    catchers: [],
  });
});

test.for([
  ["no JSON object", "[]"],
  ["QueryLanguage has to be JSONata", '{ "QueryLanguage": "JSONPath", "States": {} }'],
  ["QueryLanguage: it is a text", '{ "StartAt": "A", "States": {} }'],
  ["there is no state A", '{ "QueryLanguage": "JSONata", "StartAt": "A", "States": {} }'],
  [
    "TimeoutSeconds: this field is not known here",
    '{ "QueryLanguage": "JSONata", "StartAt": "A", "States": {}, "TimeoutSeconds": 9 }',
  ],
] as const)("a definition is refused: %s", ([why, text]) => {
  expect(() => stateMachine(text)).toThrow(why);
});

test.for<readonly [why: string, state: Definition]>([
  ["states of the type Parallel are not known", { Type: "Parallel", Branches: [], End: true }],
  ["states of the type Map are not known", { Type: "Map", End: true }],
  ["First.HeartbeatSeconds: this field is not known here", task({ HeartbeatSeconds: 5 })],
  ["First.InputPath: this field is not known here", task({ InputPath: "$" })],
  ["First.Credentials: this field is not known here", task({ Credentials: {} })],
  ["First.QueryLanguage: this field is not known here", task({ QueryLanguage: "JSONPath" })],
  ["no ARN of a Lambda function", task({ Resource: "arn:aws:states:::lambda:invoke" })],
  ["no ARN of a Lambda function", task({ Resource: "${Unfilled}" })],
  ["TimeoutSeconds: it is a number from 1", task({ TimeoutSeconds: 0 })],
  ["TimeoutSeconds: it is a number from 1", task({ TimeoutSeconds: "{% 5 %}" })],
  ["TimeoutSeconds: it is a whole number", task({ TimeoutSeconds: 1.5 })],
  ["there is no state Nowhere", task({ Next: "Nowhere" })],
  ["either Next or", { Type: "Pass" }],
  ["either Next or", task({ Next: "End", End: true })],
  ["First.Catch[0].ErrorEquals: it names an error", task({ Catch: [{ Next: "End" }] })],
  [
    "stands alone, in the last one",
    task({ Catch: [{ ErrorEquals: ["States.ALL", "Odd"], Next: "End" }] }),
  ],
  [
    "stands alone, in the last one",
    task({ Retry: [{ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["Odd"] }] }),
  ],
  ["there is no state Nowhere", task({ Catch: [{ ErrorEquals: ["Odd"], Next: "Nowhere" }] })],
  [
    "First.Catch[0].ResultPath: this field is not known here",
    task({ Catch: [{ ErrorEquals: ["Odd"], Next: "End", ResultPath: "$" }] }),
  ],
  ["MaxAttempts: it is a number", task({ Retry: [{ ErrorEquals: ["Odd"], MaxAttempts: -1 }] })],
  ["BackoffRate: it is a number", task({ Retry: [{ ErrorEquals: ["Odd"], BackoffRate: 0.5 }] })],
  [
    "MaxDelaySeconds: it is longer than IntervalSeconds",
    task({ Retry: [{ ErrorEquals: ["Odd"], IntervalSeconds: 9, MaxDelaySeconds: 9 }] }),
  ],
  [
    "JitterStrategy: it is FULL or NONE",
    task({ Retry: [{ ErrorEquals: ["Odd"], JitterStrategy: "EQUAL" }] }),
  ],
  [
    "First.Retry[0].Jitter: this field is not known here",
    task({ Retry: [{ ErrorEquals: ["Odd"], Jitter: "FULL" }] }),
  ],
  ["either Seconds or a Timestamp", { Type: "Wait", Next: "End" }],
  ["either Seconds or a Timestamp", { Type: "Wait", Seconds: 1, Timestamp: "now", Next: "End" }],
  ["First.SecondsPath: this field", { Type: "Wait", Seconds: 1, SecondsPath: "$", Next: "End" }],
  ["at least one of Choices", { Type: "Choice", Choices: [] }],
  [
    "First.Choices[0].Variable: this field is not known here",
    { Type: "Choice", Choices: [{ Variable: "$.a", Condition: "{% true %}", Next: "End" }] },
  ],
  ["First.Result: this field is not known here", { Type: "Pass", Result: 1, End: true }],
  ["it is an object", task({ Assign: "{% 1 %}" })],
  ["is no JSONata", task({ Output: "{% $states. %}" })],
  ["reads $unknown, which nothing assigns", task({ Output: "{% $unknown %}" })],
  // Not the same twice, and refused by Step Functions itself.
  ["reads $now", task({ Output: "{% $now() %}" })],
  ["reads $random", task({ Output: "{% $random() %}" })],
  ["reads $eval", task({ Output: "{% $eval('1') %}" })],
])("a state is refused: %s", ([why, state]) => {
  expect(reading(state)).toThrow(why);
});
