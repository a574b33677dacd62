import type { Split } from "../base/words.ts";

export const POINTS_CONTENT_TYPE = "application/vnd.holdout.points";

/** Columns of one length: steps are integers from 0 to 2⁵³−1, times milliseconds since 1970. */
export type PointColumns = { steps: Float64Array; times: Float64Array; values: Float64Array };

/** Points of one series in a range of steps. */
export type PointSeries = PointColumns & {
  run: string;
  split: Split | null;
  metric: string;
  /** `raw`: every point. `envelope`: of each pixel the first, lowest, highest, last and first non-finite point. */
  kind: "raw" | "envelope";
  /** Points in the range, of which `nonFiniteCount` are NaN or infinite. */
  count: number;
  nonFiniteCount: number;
  /** Writes of the whole series that a later write to the same step replaced. */
  overwrittenCount: number;
  /** Of an envelope: for each pixel the mean of its finite values, at its middle. Null for raw points. */
  means: PointColumns | null;
};

const MAGIC = 0x31504c48; // "HLP1", little-endian
type Header = Omit<PointSeries, keyof PointColumns | "means"> & { length: number; meansLength: number | null };

const columnsOf = ({ steps, times, values, means }: PointSeries): Float64Array[] =>
  means ? [steps, times, values, means.steps, means.times, means.values] : [steps, times, values];

/**
 * Little-endian: uint32 magic "HLP1", uint32 header length h, h bytes of JSON (padded with spaces so that 8 + h is a
 * multiple of 8), then the columns of each series: steps, times, values, and those of its means, in float64.
 */
export function encodePoints(series: PointSeries[]): Uint8Array<ArrayBuffer> {
  const header: Header[] = series.map(({ steps, times: _times, values: _values, means, ...facts }) => ({
    ...facts,
    length: steps.length,
    meansLength: means?.steps.length ?? null,
  }));
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil((json.length + 8) / 8) * 8 - 8;
  const columns = series.flatMap(columnsOf);
  const bytes = new Uint8Array(8 + headerLength + columns.reduce((sum, column) => sum + column.byteLength, 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, headerLength, true);
  bytes.fill(0x20, 8, 8 + headerLength);
  bytes.set(json, 8);
  let offset = 8 + headerLength;
  for (const column of columns) {
    new Float64Array(bytes.buffer, offset, column.length).set(column);
    offset += column.byteLength;
  }
  return bytes;
}

/** Reads `encodePoints`' form without copying. Throws an Error for anything else. */
export function decodePoints(body: ArrayBuffer): PointSeries[] {
  const view = new DataView(body);
  if (body.byteLength < 8 || view.getUint32(0, true) !== MAGIC) throw new Error('points do not begin with "HLP1"');
  let offset = 8 + view.getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(body, 8, offset - 8))) as Header[];
  const column = (length: number) => {
    const values = new Float64Array(body, offset, length);
    offset += length * 8;
    return values;
  };
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
