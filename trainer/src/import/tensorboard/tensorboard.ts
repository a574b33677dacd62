/**
 * TensorBoard's event files below a folder. A run is a folder that holds some. Folders that writers make beside or below a
 * run's own are joined to it: Keras' `train` and `validation`, one for each curve of `add_scalars`, that of `add_hparams`.
 */
import path from "node:path";
import type { Split } from "../../../../lib/wire/base/words.ts";
import { seriesOfKey } from "../../../../lib/wire/points/key-rule.ts";
import { configOf, factsOf, nameOf, timeWords } from "../facts.ts";
import type { Found, ImportedRun, LeftOut } from "../imported.ts";
import { filesBelow } from "../walk.ts";
import { type EventFolder, emptyFolder, readEventFolder } from "./folder.ts";

/** Names of folders that say a split: they are parts of the run above them. */
const splitFolders: Record<string, Split> = {
  train: "train",
  training: "train",
  validation: "validation",
  val: "validation",
  valid: "validation",
  eval: "validation",
  test: "test",
};
const splitOf = (place: string): Split | undefined => splitFolders[path.posix.basename(place)];
const isEventFile = (file: string): boolean => file.includes("tfevents") && !file.endsWith(".profile-empty");

export async function* readTensorboard(folder: string): AsyncGenerator<Found> {
  const tree = treeOf((await filesBelow(folder)).files);
  if (tree.length === 0) throw new Error(`${folder}: no event files; their names hold "tfevents"`);
  for (const node of tree) {
    const read = yield* readNode(folder, node);
    yield runOf(read, path.basename(path.resolve(folder)));
  }
}

/** A folder with event files, or above those of splits; `below` are those whose nearest such folder it is. */
type Node = { place: string; files: string[]; below: Node[] };

function treeOf(files: string[]): Node[] {
  const nodes = new Map<string, Node>();
  const nodeAt = (place: string): Node => {
    const node = nodes.get(place) ?? { place, files: [], below: [] };
    nodes.set(place, node);
    return node;
  };
  for (const file of files) {
    const place = path.posix.dirname(file);
    if (!isEventFile(path.posix.basename(file))) continue;
    nodeAt(place).files.push(path.posix.basename(file));
    if (place !== "." && splitOf(place)) nodeAt(path.posix.dirname(place));
  }
  const roots: Node[] = [];
  for (const node of nodes.values()) (aboveOf(nodes, node.place)?.below ?? roots).push(node);
  return roots;
}

function aboveOf(nodes: Map<string, Node>, place: string): Node | null {
  for (let at = place; at !== "."; ) {
    at = path.posix.dirname(at);
    const above = nodes.get(at);
    if (above) return above;
  }
  return null;
}

/** Gives the runs below a folder as they are read, and returns the folder itself with what is joined to it. */
async function* readNode(root: string, { place, files, below }: Node): AsyncGenerator<Found, EventFolder> {
  const folder = files.length > 0 ? await readEventFolder(root, place, files) : emptyFolder(place);
  const name = path.basename(path.resolve(root));
  const tunings: EventFolder[] = [];
  for (const node of below) {
    const other = yield* readNode(root, node);
    const within = path.posix.relative(place, other.place);
    const split = within.includes("/") ? undefined : splitFolders[within];
    const curve = files.length > 0 ? curveOf(other, within) : null;
    if (split) join(folder, other, within, (key) => ({ split, metric: key }));
    else if (curve !== null) join(folder, other, within, () => seriesOfKey(curve));
    else if (files.length > 0 && isTuning(other)) tunings.push(other);
    else yield runOf(other, name);
  }
  // several hparams below one folder are trials of a search, each of which is a run
  if (tunings.length === 1) join(folder, tunings[0]!, path.posix.relative(place, tunings[0]!.place), seriesOfKey);
  else for (const other of tunings) yield runOf(other, name);
  return folder;
}

/** `add_scalars("loss", { a, b })` makes the folders `loss/a` or `loss_a`, each with the tag `loss` alone; else null. */
function curveOf({ points, session }: EventFolder, within: string): string | null {
  const [tag, ...others] = points.extent.keys;
  if (tag === undefined || others.length > 0 || session.hparams.length > 0) return null;
  for (const start of [`${tag}/`, `${tag.replaceAll("/", "_")}_`])
    if (within.startsWith(start) && within.length > start.length) return `${tag}/${within.slice(start.length)}`;
  return null;
}

/** `add_hparams` makes a folder with hyperparameters, and of each metric one point. */
const isTuning = ({ points, session }: EventFolder): boolean =>
  session.hparams.length > 0 && points.extent.pointsMax <= 1;

function join(
  folder: EventFolder,
  other: EventFolder,
  within: string,
  nameOf: Parameters<typeof folder.points.absorb>[2],
) {
  folder.points.absorb(other.points, within, nameOf);
  folder.files = [...folder.files, ...other.files.map((file) => `${within}/${file}`)];
  folder.images.push(...other.images.map((image) => ({ ...image, path: `${within}/${image.path}` })));
  folder.leftOut.push(...other.leftOut);
  const times = [folder.firstAt, other.firstAt, folder.lastAt, other.lastAt].filter((time) => time !== null);
  folder.firstAt = times.length > 0 ? Math.min(...times) : null;
  folder.lastAt = times.length > 0 ? Math.max(...times) : null;
  if (other.session.hparams.length > 0 || other.session.status !== null) folder.session = other.session;
}

function runOf({ place, files, points, images, session, firstAt, lastAt, leftOut }: EventFolder, root: string): Found {
  const taken = points.taken(place);
  const config = configOf(session.hparams, place);
  const left = [...leftOut, ...taken.leftOut, ...config.leftOut];
  if (taken.series.length === 0 && session.hparams.length === 0 && images.length === 0) {
    const why = "neither a scalar, a hyperparameter nor a picture is in its event files";
    return { run: null, leftOut: [...left, { unit: "run", count: 1, where: place, why } satisfies LeftOut] };
  }
  const startedAt = session.startedAt === null ? firstAt : Math.round(session.startedAt * 1000);
  const endedAt = session.endedAt === null ? lastAt : Math.round(session.endedAt * 1000);
  const isSaid = session.status !== null && session.status > 0;
  const run: ImportedRun = {
    kind: "tensorboard",
    sourceId: path.posix.join(place, files[0]!),
    name: nameOf(place === "." ? root : place, root),
    notes: "",
    config: config.config,
    facts: factsOf([
      ["tensorboard run", place],
      ["tensorboard started", timeWords(startedAt)],
      [session.endedAt === null ? "tensorboard last event" : "tensorboard ended", timeWords(endedAt)],
      ["tensorboard status", isSaid ? (["", "success", "failure", "running"][session.status!] ?? null) : null],
      ["tensorboard end", isSaid ? null : "not said; shown as finished"],
      ["tensorboard hparams group", session.group],
      ["tensorboard event files", files.join(", ")],
    ]),
    code: null,
    isDeleted: false,
    startedAt,
    ran: { startedAt, endedAt },
    end: endOf(session.status),
    series: taken.series,
    files: images,
    original: {
      run: place,
      files,
      hparams: Object.fromEntries(session.hparams),
      group: session.group,
      startedAt,
      endedAt,
    },
  };
  return { run, leftOut: left };
}

/** Most writers say nothing of an end: such a run is taken as finished. */
function endOf(status: number | null): ImportedRun["end"] {
  if (status === 3) return null;
  if (status !== 2) return { status: "finished" };
  return {
    status: "failed",
    failure: { reason: "other", message: "TensorBoard has it as a failure and doesn't say why" },
  };
}
