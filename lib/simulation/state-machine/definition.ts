/**
 * A state machine as it ships, read into what can be run. What is not known here is refused when it
 * is read: a field that is passed over would prove something else than what is deployed.
 * Source: Amazon States Language (states-language.net/spec.html), with `QueryLanguage` JSONata.
 */
import { isJsonObject, type Json, parseJsonObject } from "#kernel/json";
import type { Retrier } from "./errors.ts";
import { misread, type Template, template } from "./expressions.ts";
import { Fields } from "./fields.ts";
import { readRetriers } from "./retriers.ts";

/** Where a state leads when it is done. */
export type Transition = {
  /** Absent: the execution ends. */
  readonly next?: string;
  readonly assign?: Template;
  readonly output?: Template;
};

export type Catcher = Transition & {
  readonly errorEquals: readonly string[];
  readonly next: string;
};

export type TaskState = Transition & {
  readonly type: "Task";
  /** ARN of a Lambda function; absent: `arguments` name it, and a callback ends the state. */
  readonly resource?: string;
  /** Absent: the state's input. */
  readonly arguments?: Template;
  readonly timeoutSeconds: number;
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
};

export type Choice = Transition & { readonly condition: Template; readonly next: string };

export type State =
  | TaskState
  | (Transition & { readonly type: "Pass" })
  | (Transition & {
      readonly type: "Wait";
      /** In seconds, or until an instant. */
      readonly until: { readonly unit: "Seconds" | "Timestamp"; readonly value: Template };
    })
  | (Transition & {
      readonly type: "Choice";
      readonly choices: readonly Choice[];
      readonly otherwise?: string;
    })
  | (Transition & { readonly type: "Succeed" })
  | { readonly type: "Fail"; readonly error?: Template; readonly cause?: Template };

export type StateMachine = {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
};

/** 60 s where a task says nothing (States Language, "Task State"). */
const TASK_TIMEOUT_SECONDS = 60;
/**
 * Invokes the function that the arguments name and waits for a callback with the task's token.
 * Source: AWS Step Functions Developer Guide, "Wait for a Callback with Task Token".
 */
const CALLBACK_RESOURCE = "arn:aws:states:::lambda:invoke.waitForTaskToken";
const FUNCTION_ARN = /^arn:[\w-]+:lambda:[\w-]*:\d*:function:[\w-]+(?::[\w$-]+)?$/;

/**
 * @param text the ASL, placeholders filled in
 * @throws Failure `misconfigured` (reject) naming the state and the field.
 */
export function stateMachine(text: string): StateMachine {
  const content = parseJsonObject(text);
  if (content === undefined) throw misread("the definition", "it is no JSON object");
  const fields = new Fields("the definition", content);
  fields.allow(["Comment", "Version", "QueryLanguage", "StartAt", "States"]);
  if (fields.text("QueryLanguage") !== "JSONata") {
    throw misread("the definition", "its QueryLanguage has to be JSONata");
  }
  const definitions = Object.entries(fields.object("States"));
  const known = assignedAnywhere(content);
  const states = new Map(definitions.map(([name, state]) => [name, readState(name, state, known)]));
  const startAt = fields.text("StartAt");
  for (const [name, state] of states) checkNames(name, state, states);
  if (!states.has(startAt)) throw misread("StartAt", `there is no state ${startAt}`);
  return { startAt, states };
}

type Known = ReadonlySet<string>;

function readState(name: string, definition: Json | undefined, known: Known): State {
  if (!isJsonObject(definition)) throw misread(name, "a state is an object");
  const fields = new Fields(name, definition);
  const type = fields.text("Type");
  switch (type) {
    case "Task":
      return readTask(fields, known);
    case "Pass":
      fields.allow([...EVERYWHERE, ...LEADING, "Assign", "Output"]);
      return { type, ...leading(fields), ...changes(fields, known) };
    case "Wait":
      return readWait(fields, known);
    case "Choice":
      return readChoice(fields, known);
    case "Succeed":
      fields.allow([...EVERYWHERE, "Output"]);
      return { type, ...changes(fields, known) };
    case "Fail":
      fields.allow([...EVERYWHERE, "Error", "Cause"]);
      return {
        type,
        ...fields.optional("Error", (value, where) => ({ error: template(value, where, known) })),
        ...fields.optional("Cause", (value, where) => ({ cause: template(value, where, known) })),
      };
    default:
      throw misread(name, `states of the type ${type} are not known`);
  }
}

const EVERYWHERE = ["Type", "Comment"];
const LEADING = ["Next", "End"];

function readTask(fields: Fields, known: Known): TaskState {
  const own = ["Resource", "Arguments", "TimeoutSeconds", "Retry", "Catch"];
  fields.allow([...EVERYWHERE, ...LEADING, "Assign", "Output", ...own]);
  const resource = fields.text("Resource");
  const isCallback = resource === CALLBACK_RESOURCE;
  const called = isCallback ? fields.object("Arguments")["FunctionName"] : resource;
  if (typeof called !== "string" || !FUNCTION_ARN.test(called)) {
    throw misread(
      `${fields.name}.Resource`,
      `${JSON.stringify(called)} is no ARN of a Lambda function`,
    );
  }
  return {
    type: "Task",
    ...(isCallback ? {} : { resource }),
    ...fields.optional("Arguments", (value, where) => ({
      arguments: template(value, where, known),
    })),
    timeoutSeconds: fields.whole("TimeoutSeconds", 1, 99_999_999) ?? TASK_TIMEOUT_SECONDS,
    retriers: readRetriers(fields),
    catchers: readCatchers(fields, known),
    ...leading(fields),
    ...changes(fields, known),
  };
}

function readCatchers(fields: Fields, known: Known): readonly Catcher[] {
  const catchers = fields.list("Catch");
  return catchers.map((each, index) => {
    each.allow(["Comment", "ErrorEquals", "Next", "Assign", "Output"]);
    const isLast = index === catchers.length - 1;
    const errorEquals = each.errorNames(isLast);
    return { errorEquals, next: each.text("Next"), ...changes(each, known) };
  });
}

function readWait(fields: Fields, known: Known): State {
  fields.allow([...EVERYWHERE, ...LEADING, "Assign", "Output", "Seconds", "Timestamp"]);
  const untils = (["Seconds", "Timestamp"] as const).flatMap((unit) => {
    const value = fields.value(unit);
    if (value === undefined) return [];
    return [{ unit, value: template(value, `${fields.name}.${unit}`, known) }];
  });
  const [until] = untils;
  if (until === undefined || untils.length > 1) {
    throw misread(fields.name, "a Wait has either Seconds or a Timestamp");
  }
  return { type: "Wait", until, ...leading(fields), ...changes(fields, known) };
}

function readChoice(fields: Fields, known: Known): State {
  fields.allow([...EVERYWHERE, "Choices", "Default", "Assign", "Output"]);
  const choices = fields.list("Choices").map((each): Choice => {
    each.allow(["Comment", "Condition", "Next", "Assign", "Output"]);
    const condition = template(each.text("Condition"), `${each.name}.Condition`, known);
    return { condition, next: each.text("Next"), ...changes(each, known) };
  });
  if (choices.length === 0) throw misread(fields.name, "a Choice has at least one of Choices");
  const otherwise = fields.value("Default") === undefined ? undefined : fields.text("Default");
  return {
    type: "Choice",
    choices,
    ...(otherwise !== undefined && { otherwise }),
    ...changes(fields, known),
  };
}

function leading(fields: Fields): { readonly next?: string } {
  const isEnd = fields.value("End") === true;
  if (isEnd === (fields.value("Next") !== undefined)) {
    throw misread(fields.name, 'it has either Next or "End": true');
  }
  return isEnd ? {} : { next: fields.text("Next") };
}

function changes(fields: Fields, known: Known): Pick<Transition, "assign" | "output"> {
  return {
    ...fields.optional("Assign", (value, where) => {
      if (!isJsonObject(value)) throw misread(where, "it is an object, a field for each variable");
      return { assign: template(value, where, known) };
    }),
    ...fields.optional("Output", (value, where) => ({ output: template(value, where, known) })),
  };
}

/** Every variable that some `Assign` of the definition makes. */
function assignedAnywhere(tree: Json, names = new Set<string>()): Known {
  if (Array.isArray(tree))
    for (const part of tree as readonly Json[]) assignedAnywhere(part, names);
  if (!isJsonObject(tree)) return names;
  const { Assign } = tree;
  if (isJsonObject(Assign)) for (const name of Object.keys(Assign)) names.add(name);
  for (const part of Object.values(tree)) if (part !== undefined) assignedAnywhere(part, names);
  return names;
}

function checkNames(name: string, state: State, states: ReadonlyMap<string, State>): void {
  for (const next of nextOf(state)) {
    if (!states.has(next)) throw misread(name, `there is no state ${next}`);
  }
}

function nextOf(state: State): readonly string[] {
  const own = "next" in state && state.next !== undefined ? [state.next] : [];
  switch (state.type) {
    case "Task":
      return [...own, ...state.catchers.map(({ next }) => next)];
    case "Choice": {
      const { otherwise, choices } = state;
      return [...choices.map(({ next }) => next), ...(otherwise === undefined ? [] : [otherwise])];
    }
    case "Pass":
    case "Wait":
    case "Succeed":
    case "Fail":
      return own;
    default:
      return state satisfies never;
  }
}
