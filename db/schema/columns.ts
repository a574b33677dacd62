/** Columns that every table shares. A comment of a table says who writes a column, its unit, and why it may be null. */
import { bigint, customType, timestamp } from "drizzle-orm/pg-core";

export const bytea = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => "bytea",
  toDriver: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
});
/** Text in the order of its UTF-8 bytes, whatever the database's locale. */
export const bytewiseText = customType<{ data: string; driverData: string }>({ dataType: () => 'text collate "C"' });
export const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
export const createdAt = () => at("created_at").notNull().defaultNow();
/** A count or a step: up to 2⁵³−1, so a JavaScript number holds it exactly. */
export const count = (name: string) => bigint(name, { mode: "number" });
