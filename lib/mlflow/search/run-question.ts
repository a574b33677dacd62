/** From a search for runs in MLflow's language to a question of ours. Pure. */
import type { MetricName, RunCondition, RunOrder, RunText } from "../../interop/find-runs.ts";
import type { RunStatus } from "../../wire/base/words.ts";
import { seriesMeantBy } from "../../wire/points/key-rule.ts";
import { invalidValue } from "../words/errors.ts";
import { uuidOf } from "../words/ids.ts";
import { statusWords } from "../words/statuses.ts";
import { type Clause, type Identifier, parseFilter, parseOrder } from "./filter.ts";
import { numberTest, passes, textTest } from "./tests.ts";

const entities: Record<string, "metric" | "param" | "tag" | "attribute" | "dataset"> = {
  metric: "metric",
  metrics: "metric",
  param: "param",
  params: "param",
  parameter: "param",
  parameters: "param",
  tag: "tag",
  tags: "tag",
  attribute: "attribute",
  attributes: "attribute",
  attr: "attribute",
  run: "attribute",
  dataset: "dataset",
  datasets: "dataset",
};

/** What a bare word means: `created` is the start. */
const aliases: Record<string, string> = {
  created: "start_time",
  Created: "start_time",
  "run name": "run_name",
  "Run name": "run_name",
  "Run Name": "run_name",
};

const texts: Record<string, RunText> = {
  run_id: { column: "id" },
  run_name: { column: "name" },
  user_id: { column: "user" },
  artifact_uri: { column: "address", prefix: "mlflow-artifacts:/", suffix: "/artifacts" },
};
const times: Record<string, "start" | "end"> = { start_time: "start", end_time: "end" };
/** Tags that are something of ours. */
const tagTexts: Record<string, RunText> = {
  "mlflow.runName": { column: "name" },
  "mlflow.note.content": { column: "notes" },
};
const CONTEXT_TAG = "mlflow.data.context";

const nameOf = (key: string): MetricName => ({ key, series: seriesMeantBy(key) });

function kindOf({ entity, key }: Identifier): { kind: (typeof entities)[string]; key: string } {
  const kind = entity === null ? "attribute" : entities[entity];
  if (!kind)
    throw invalidValue(`Invalid entity type '${entity}'. Valid values are ${Object.keys(entities).join(", ")}`);
  return { kind, key: kind === "attribute" ? (aliases[key] ?? key) : key };
}

const unknownKey = (key: string) =>
  invalidValue(
    `Invalid attribute key '${key}' specified. Valid keys are '${[...Object.keys(texts), ...Object.keys(times), "status"].join("', '")}'`,
  );

/** The conditions of a filter. Throws for what isn't of the language. */
export const runConditions = (filter: string | undefined): RunCondition[] => parseFilter(filter).map(conditionOf);

function conditionOf(clause: Clause): RunCondition {
  const { kind, key } = kindOf(clause);
  const nulls = ["IS NULL", "IS NOT NULL"] as const;
  switch (kind) {
    case "metric":
      return { of: "metric", name: nameOf(key), ...numberTest(clause, "metric") };
    case "param":
      return { of: "config", key, test: textTest(clause, "parameter", nulls) };
    case "tag": {
      const test = textTest(clause, "tag", nulls);
      const text = tagTexts[key];
      return text ? { of: "text", text, test } : { of: "property", key, test };
    }
    case "dataset":
      return inputCondition(clause, key);
    case "attribute":
      return attributeCondition(clause, key);
  }
}

function attributeCondition(clause: Clause, key: string): RunCondition {
  if (times[key]) return { of: "time", at: times[key], ...numberTest(clause, "attribute") };
  if (key === "status") {
    const test = textTest(clause, "attribute");
    const known = Object.entries(statusWords) as [RunStatus, string][];
    return { of: "status", statuses: known.flatMap(([status, word]) => (passes(word, test) ? [status] : [])) };
  }
  const text = texts[key];
  if (!text) throw unknownKey(key);
  const test = textTest(clause, "attribute", key === "run_id" ? ["IN", "NOT IN"] : []);
  return { of: "text", text, test };
}

function inputCondition(clause: Clause, key: string): RunCondition {
  const test = textTest(clause, "dataset", ["IN", "NOT IN"]);
  if (key === "name" || key === "digest") return { of: "input", field: key, test };
  if (key === "context") return { of: "input", field: { tag: CONTEXT_TAG }, test };
  throw invalidValue(`Invalid dataset key '${key}' specified. Valid keys are 'name', 'digest', 'context'`);
}

const ORDERS_MAX = 20;

/** What `order_by` asks for. Throws for what can't be sorted by. */
export function runOrders(orders: string[]): RunOrder[] {
  if (orders.length > ORDERS_MAX) throw invalidValue(`order_by has at most ${ORDERS_MAX} entries`);
  return orders.map((order) => {
    const { isDescending, ...identifier } = parseOrder(order);
    const { kind, key } = kindOf(identifier);
    return { isDescending, ...orderOf(kind, key) };
  });
}

type Sorted = RunOrder extends infer One ? (One extends unknown ? Omit<One, "isDescending"> : never) : never;

function orderOf(kind: (typeof entities)[string], key: string): Sorted {
  if (kind === "metric") return { by: "metric", name: nameOf(key) };
  if (kind === "param") return { by: "config", key };
  if (kind === "tag") return tagTexts[key] ? { by: "text", text: tagTexts[key] } : { by: "property", key };
  if (kind === "attribute" && times[key]) return { by: "time", at: times[key] };
  if (kind === "attribute" && key === "status") return { by: "status", words: statusWords };
  if (kind === "attribute" && texts[key]) return { by: "text", text: texts[key] };
  throw kind === "attribute" ? unknownKey(key) : invalidValue(`Invalid order_by: ${kind}s can't be sorted by`);
}

/** The projects of the experiments that a search names; ids that are none name nothing. */
export const uuidsOf = (ids: string[]): string[] => [...new Set(ids.flatMap((id) => uuidOf(id) ?? []))];
