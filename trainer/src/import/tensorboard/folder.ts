/** The event files of one folder, read in the order of their names: a process that started again wrote a new one. */
import { open } from "node:fs/promises";
import path from "node:path";
import { artifactPathSchema } from "../../../../lib/wire/base/text.ts";
import { seriesOfKey } from "../../../../lib/wire/points/key-rule.ts";
import type { ImportedFile, LeftOut } from "../imported.ts";
import { Intake } from "../series.ts";
import { type Event, eventOf, imageEndingOf, type Value } from "./event.ts";
import { addSession, emptySession, HPARAMS, type Session } from "./hparams.ts";
import { recordsOf, type TfRecord } from "./records.ts";

export type EventFolder = {
  /** Relative to the folder of the import, `/` between its parts; "." is that folder itself. */
  place: string;
  files: string[];
  points: Intake;
  images: ImportedFile[];
  session: Session;
  /** Milliseconds since 1970; null: no event with a value. */
  firstAt: number | null;
  lastAt: number | null;
  leftOut: LeftOut[];
};

export const emptyFolder = (place: string): EventFolder => ({
  place,
  files: [],
  points: new Intake(seriesOfKey),
  images: [],
  session: emptySession(),
  firstAt: null,
  lastAt: null,
  leftOut: [],
});

const RESTARTED = "before a restart, which began anew at an earlier step (its points stand instead)";

export async function readEventFolder(root: string, place: string, files: string[]): Promise<EventFolder> {
  const folder = { ...emptyFolder(place), files };
  const reading: Reading = { folder, plugins: new Map(), others: new Map(), names: new Map() };
  for (const file of files) await readEventFile(reading, path.join(root, place, file), path.posix.join(place, file));
  for (const [what, count] of reading.others)
    folder.leftOut.push({ unit: "other", count, where: place, why: `${what}: not imported` });
  return folder;
}

type Reading = {
  folder: EventFolder;
  /** By tag: a file names the plugin of a tag once. */
  plugins: Map<string, string>;
  /** What is no scalar, and how often. */
  others: Map<string, number>;
  /** How many pictures each place of files has. */
  names: Map<string, number>;
};

async function readEventFile(reading: Reading, file: string, where: string): Promise<void> {
  const { points, leftOut } = reading.folder;
  let fileVersion = 0;
  for await (const record of recordsOf(file)) {
    const { bytes, fault } = record;
    const event = bytes && parsed(bytes);
    if (!event) {
      leftOut.push({ unit: "other", count: 1, where, why: fault ?? "a record is no event" });
      continue;
    }
    fileVersion = event.fileVersion || fileVersion;
    if (event.restarts && fileVersion >= 2) points.dropFrom(event.step, RESTARTED);
    if (event.other) countOther(reading, event.other);
    for (const value of event.values) take(reading, event, value, (part) => partOf(file, record, part));
  }
}

/** A part of a record is read again when it is sent: the pictures of a run may be larger than memory. */
function partOf(file: string, record: TfRecord, part: Uint8Array): ImportedFile["file"] {
  const start = record.fault === null ? record.place + part.byteOffset - record.bytes.byteOffset : 0;
  return async () => {
    const opened = await open(file);
    try {
      const { buffer } = await opened.read(Buffer.alloc(part.length), 0, part.length, start);
      return buffer;
    } finally {
      await opened.close();
    }
  };
}

type Locate = (part: Uint8Array) => ImportedFile["file"];

function take(reading: Reading, event: Event, value: Value, locate: Locate): void {
  const { folder, plugins } = reading;
  folder.firstAt = Math.min(folder.firstAt ?? event.time, event.time);
  folder.lastAt = Math.max(folder.lastAt ?? event.time, event.time);
  if (value.plugin) plugins.set(value.tag, value.plugin);
  const plugin = plugins.get(value.tag) ?? "";
  if (plugin === HPARAMS) {
    if (value.pluginContent) addSession(folder.session, value.pluginContent);
  } else if (value.content && "images" in value.content && isPictures(plugin))
    for (const image of value.content.images) addImage(reading, value.tag, event.step, image, locate);
  else if (plugin !== "" && plugin !== "scalars") countOther(reading, `values of the plugin ${plugin}`);
  else if (value.content && "number" in value.content)
    folder.points.add(value.tag, event.step, event.time, value.content.number);
  else countOther(reading, value.content && "other" in value.content ? value.content.other : "values without content");
}

const isPictures = (plugin: string): boolean => plugin === "" || plugin === "images";

/** A file a picture, by tag and step; a step may have many, and a restart may write one again. */
function addImage(reading: Reading, tag: string, step: number, image: Uint8Array, locate: Locate): void {
  const { folder, names } = reading;
  const start = `images/${tag.replace(/\/image(\/\d+)?$/, "$1")}/${step}`;
  const count = (names.get(start) ?? 0) + 1;
  names.set(start, count);
  const at = `${start}${count > 1 ? `-${count}` : ""}.${imageEndingOf(image)}`;
  const fault = artifactPathSchema.safeParse(at).error?.issues[0]?.message;
  if (fault === undefined) folder.images.push({ path: at, file: locate(image), sizeBytes: image.length });
  else
    folder.leftOut.push({
      unit: "file",
      count: 1,
      where: `${folder.place}: ${tag}`,
      why: `its path can't be a file's here: ${fault}`,
    });
}

const countOther = ({ others }: Reading, what: string) => others.set(what, (others.get(what) ?? 0) + 1);

function parsed(bytes: Uint8Array): Event | null {
  try {
    return eventOf(bytes);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
