/** For tests: an agent as there are, by the official client of MCP, and what it hears when it tries everything. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { v7 as uuidv7 } from "uuid";
import { SELF } from "@/lib/self.ts";
import type { ToolName } from "@/lib/wire/tools/tools.ts";
import type { AskedPlace } from "./test-ask.ts";
import { serveApi } from "./test-serve.ts";

export type Agent = { client: Client; say: (tool: ToolName, input?: object) => Promise<Said> };
/** `data`: what stands in an answer's envelope; of a refusal its words. */
export type Said = { isError: boolean; text: string; data: unknown };

/** The API behind a server that calls itself, as the app does. */
export async function serveAgents(): Promise<{ url: string; close: () => Promise<void> }> {
  const served = await serveApi();
  process.env[SELF] = served.url;
  const close = async () => {
    delete process.env[SELF];
    await served.close();
  };
  return { url: served.url, close };
}

export async function connectAgent(url: string, headers: Record<string, string>): Promise<Agent> {
  const client = new Client({ name: "a test", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/api/mcp`), { requestInit: { headers } });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  const say = async (name: ToolName, input: object = {}): Promise<Said> => {
    const answer = await client.callTool({ name, arguments: input as Record<string, unknown> });
    const [{ text } = { text: "" }] = answer.content as { text: string }[];
    const isError = answer.isError === true;
    return { isError, text, data: isError ? text : (JSON.parse(text) as { data: unknown }).data };
  };
  return { client, say };
}

/** What each tool is asked, the ways to a test number among it. `opened`: an evaluation of the test split. */
function inputsAt(place: AskedPlace, opened: string): Record<ToolName, object[]> {
  const { project, run, evaluated, evaluation, manifest, study, loop, candidate } = place;
  const slug = project.slug;
  const ofManifest = [{ manifest }, { manifest, project: slug }];
  const evaluations = [evaluation, opened].map((id) => ({ run: evaluated, evaluation: id }));
  const quarantined = ["test_accuracy", "test/accuracy", "validation/accuracy"];
  const tables = quarantined.flatMap((name) => [
    { sort: name },
    { filter: `${name} > 0.7` },
    { column: [`${name}.last`] },
  ]);
  const loss = [{ step: 77, values: { loss: 1 } }];
  return {
    whoami: [{}],
    projects_list: [{}],
    projects_show: [{}, { project: slug }],
    metrics_list: [{}],
    runs_list: [{}, ...tables],
    runs_show: [{ run }],
    runs_series: [{ run }],
    runs_points: ["-/test_accuracy", "test/accuracy", "validation/accuracy"].map((name) => ({ run, series: [name] })),
    runs_compare: ["json", "markdown", "csv"].flatMap((format) => [
      { runs: [run, candidate], format },
      { filter: "test_accuracy > 0.7", format },
    ]),
    runs_tags: [{ run }],
    runs_files: [{ run }],
    runs_checkpoints: [{ run }],
    runs_export: [{}, ...tables],
    manifests_list: [{}],
    manifests_show: ofManifest,
    manifests_checks: ofManifest,
    manifests_diff: [{ manifest, with: place.unsealed }],
    manifests_export: [{ manifest }, { manifest, format: "jsonl" }],
    ledger: ofManifest,
    evaluations_list: [{ run: evaluated }],
    evaluations_show: evaluations,
    evaluations_report: evaluations.flatMap((one) => ["csv", "json"].map((format) => ({ ...one, format }))),
    champion: [{}, { manifest }],
    doubts: ["json", "markdown"].map((format) => ({ format })),
    threads_list: [`run:${run}`, `study:${study}`, ...evaluations.map((one) => `evaluation:${one.evaluation}`)].map(
      (subject) => ({ subject }),
    ),
    reviews_list: [{}],
    reviews_show: [{ review: "1" }],
    history: ["json", "markdown"].map((format) => ({ format })),
    studies_list: [{}],
    studies_show: [{ study }, { study: loop }],
    studies_loop: [{ study: loop }],
    trials_list: [{}],
    referee: [
      { study: loop, runs: [candidate] },
      { study: loop, runs: [run] },
    ],
    referee_ask: [{ study: loop, config: {}, likeRun: run }],
    referee_queue: [{ study: loop, ruling: 1 }],
    candidates_submit: [{ study: loop, config: { rate: 9 } }],
    metrics_declare: [{ project: slug, metrics: [{ name: "test_accuracy", direction: "max" }] }],
    runs_start: [{ id: uuidv7() }],
    runs_log: [
      { run, points: loss },
      { run, split: "test", points: loss },
    ],
    runs_tag: [{ run, add: ["seen"] }],
    files_put: [{ run, path: "notes.txt", text: "none" }],
    checkpoints_add: [{ run, path: "a/weights.bin", step: 1 }],
    evaluations_open: [{ run: evaluated, task: "classification", form: "class", classes: ["cat", "dog", "eel"] }],
    evaluations_predict: evaluations.map((one) => ({ ...one, sequence: 1, keys: ["v0"], classes: ["cat"] })),
    evaluations_complete: evaluations,
    runs_finish: [{ run }],
  };
}

/** Every answer to an agent that calls each tool and reads each resource, by what was asked. */
export async function walkAgent(agent: Agent, place: AskedPlace, opened: string): Promise<Map<string, string>> {
  const heard = new Map<string, string>();
  for (const [name, inputs] of Object.entries(inputsAt(place, opened)))
    for (const input of inputs) {
      const { isError, text } = await agent.say(name as ToolName, input);
      heard.set(`${name} ${JSON.stringify(input)}`, `${isError ? "refused: " : ""}${text}`);
    }
  const { resources } = await agent.client.listResources();
  const reports = [place.evaluation, opened].map((id) => `holdout://runs/${place.evaluated}/evaluations/${id}/report`);
  for (const uri of [...resources.map((one) => one.uri), ...reports]) {
    const read = await agent.client.readResource({ uri }).catch((error: Error) => error.message);
    heard.set(uri, JSON.stringify(read));
  }
  return heard;
}
