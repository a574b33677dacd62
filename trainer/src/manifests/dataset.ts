import { thumbnailOf } from "../../../lib/wire/alike/thumbnail.ts";
import { type Dataset, type DatasetSamples, datasetSchema } from "../../../lib/wire/data/datasets.ts";
import { ask } from "../client/ask.ts";
import { json, type Target } from "../client/http.ts";
import { encodeMask } from "../client/images.ts";
import type { Post } from "../client/spool.ts";
import { type DataSet, type Facts, inputAt, isImages, sizeOf } from "../data/data.ts";
import type { Unsplit } from "../data/split.ts";
import { requireRegistrable } from "./registrable.ts";

/** 5,000 samples with grey thumbnails are 8 MB of JSON. */
const SAMPLES_A_REQUEST = 5_000;
/** Pixels of masks, of which none takes more than a byte. */
const MASK_PIXELS_A_REQUEST = 8_000_000;

/** Registers a dataset version and these samples of it; what is there already stays. Waits a minute for the server. */
export async function registerDataset(
  target: Target,
  set: DataSet,
  samples: Unsplit[],
  given: { name: string; version: string; description: string },
  signal?: AbortSignal,
): Promise<Dataset> {
  const body = { ...given, imageSide: imageSideOf(set) };
  const request = { method: "POST", path: "/api/v1/datasets", ...json(body), signal } as const;
  const dataset = datasetSchema.parse(await ask(target, request));
  // a dataset that is complete has them all, and refuses what it doesn't have
  for (const columns of inRequests(set, samples)) {
    const path = `/api/v1/datasets/${dataset.id}/samples`;
    await ask(target, { method: "POST", path, ...json(columns), signal });
  }
  return dataset;
}

/** Throws where the server can't take these samples, naming the one that is wrong. */
export const requireSamples = (
  samples: Unsplit[],
  given: { name: string; version: string; description: string },
): void => requireRegistrable(given, namesOf(samples));

/** The same as requests to be sent later. */
export const datasetPosts = (
  set: DataSet,
  samples: Unsplit[],
  given: { name: string; version: string; description: string },
): Post[] => [
  { path: "/api/v1/datasets", body: { ...given, imageSide: imageSideOf(set) } },
  ...inRequests(set, samples).map((body) => ({ path: "/api/v1/datasets/{dataset}/samples", body })),
];

function inRequests(set: DataSet, samples: Unsplit[]): Partial<DatasetSamples>[] {
  const each =
    set.task === "segmentation"
      ? Math.max(1, Math.min(SAMPLES_A_REQUEST, Math.floor(MASK_PIXELS_A_REQUEST / maskSizeOf(set))))
      : SAMPLES_A_REQUEST;
  const count = Math.ceil(samples.length / each);
  return Array.from({ length: count }, (_, index) => columnsOf(set, samples.slice(index * each, (index + 1) * each)));
}

/** Says that the dataset has all its samples. */
export const completeDataset = (target: Target, { id }: Dataset, signal?: AbortSignal): Promise<unknown> =>
  ask(target, { method: "POST", path: `/api/v1/datasets/${id}/complete`, ...json({}), signal });

const namesOf = (samples: Unsplit[]) => ({
  key: samples.map(({ key }) => key),
  label: samples.map(({ label }) => label),
  group: saidOf(samples, "group"),
  time: saidOf(samples, "time"),
  byteHash: saidOf(samples, "byteHash"),
  contentHash: samples.map(({ contentHash }) => contentHash),
  earlierHashes: earlierHashesOf(samples),
});

function columnsOf(set: DataSet, samples: Unsplit[]): Partial<DatasetSamples> {
  return {
    ...namesOf(samples),
    sealed: samples.some(({ facts }) => facts.sealed) ? samples.map(({ facts }) => facts.sealed) : null,
    split: saidOf(samples, "split"),
    features: samples.some(({ features }) => features !== null) ? samples.map(({ features }) => features) : null,
    thumbnail: isImages(set) ? samples.map((sample) => thumbnail(set, sample)) : null,
    mask: set.task === "segmentation" ? samples.map((sample) => mask(set, sample)) : null,
  };
}

/** Null where earlier versions knew none of them by another hash. */
export const earlierHashesOf = (samples: Unsplit[]): (string[] | null)[] | null =>
  samples.some(({ earlierHashes }) => earlierHashes.length > 0)
    ? samples.map(({ earlierHashes }) => (earlierHashes.length > 0 ? earlierHashes : null))
    : null;

/** A column of what the set's maker says; null where it is said of none. */
export function saidOf<Name extends keyof Facts>(samples: Unsplit[], name: Name): Facts[Name][] | null {
  const column = samples.map(({ facts }) => facts[name]);
  return column.some((value) => value !== null) ? column : null;
}

/** The images' shorter side in pixels; null: the set holds none. */
function imageSideOf(set: DataSet): number | null {
  const [height = 0, width = 0] = set.inputShape;
  return isImages(set) ? Math.min(height, width) : null;
}

function thumbnail(set: DataSet, { part, index }: Unsplit): string {
  const [height = 0, width = 0, channels = 0] = set.inputShape;
  const image = inputAt(set, { inputs: set[part].inputs as Uint8Array }, index);
  return Buffer.from(thumbnailOf(image, { height, width, channels })).toString("base64");
}

const maskSizeOf = ({ inputShape }: DataSet): number => sizeOf(inputShape.slice(0, 2));

function mask(set: DataSet, { part, index }: Unsplit): string {
  const [height = 0, width = 0] = set.inputShape;
  const size = maskSizeOf(set);
  const pixels = Uint8Array.from(set[part].targets.subarray(index * size, (index + 1) * size));
  return Buffer.from(encodeMask({ height, width, pixels })).toString("base64");
}
