/** The binary form of points. Without zod: the browser's charts read it. */
import { columnReader, PREFIX_BYTES_MIN, readHeader, readPrefix, writeFrame } from "../binary/frame.ts";
import type { PointColumns, PointSeries } from "./points.ts";

export const POINTS_CONTENT_TYPE = "application/vnd.holdout.points";

/** "HLP1", little-endian. */
const MAGIC = 0x31504c48;

type SeriesHeader = Omit<PointSeries, keyof PointColumns | "means"> & { length: number; meansLength: number | null };

const columnsOf = ({ steps, times, values, means }: PointSeries): Float64Array[] =>
  means ? [steps, times, values, means.steps, means.times, means.values] : [steps, times, values];

/**
 * Little-endian: uint32 magic "HLP1", uint32 header length h, h bytes of JSON (padded with spaces to a multiple of 8), then
 * the columns of each series: steps, times, values, and those of its means, in float64.
 */
export function encodePoints(series: PointSeries[]): Uint8Array<ArrayBuffer> {
  const header = series.map(
    ({ steps, times: _times, values: _values, means, ...facts }): SeriesHeader => ({
      ...facts,
      length: steps.length,
      meansLength: means?.steps.length ?? null,
    }),
  );
  return writeFrame({ magic: MAGIC, prefixBytes: PREFIX_BYTES_MIN }, header, series.flatMap(columnsOf));
}

/** Reads `encodePoints`' form without copying. Throws an Error for anything else. */
export function decodePoints(body: ArrayBuffer): PointSeries[] {
  const bytes = new Uint8Array(body);
  const { magic, headerBytes } = bytes.length < PREFIX_BYTES_MIN ? { magic: 0, headerBytes: 0 } : readPrefix(bytes);
  if (magic !== MAGIC) throw new Error('points do not begin with "HLP1"');
  const start = PREFIX_BYTES_MIN + headerBytes;
  const header = readHeader(bytes.subarray(PREFIX_BYTES_MIN, start)) as SeriesHeader[];
  const column = columnReader(body, start);
  const columns = (length: number): PointColumns => ({
    steps: column(length),
    times: column(length),
    values: column(length),
  });
  return header.map(({ length, meansLength, ...facts }) => ({
    ...facts,
    ...columns(length),
    means: meansLength === null ? null : columns(meansLength),
  }));
}
