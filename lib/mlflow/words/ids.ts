/** Ids of clients: ours without their dashes, 32 hexadecimal digits, so that each names one thing. Pure. */

export const hexOf = (uuid: string): string => uuid.replaceAll("-", "");

/** The UUID of 32 hexadecimal digits, or of one with its dashes; null: it is neither. */
export function uuidOf(id: string): string | null {
  const hex = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(id)
    ? hexOf(id).toLowerCase()
    : null;
  return hex?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") ?? null;
}

/** Models go by theirs behind `m-`. */
export const modelIdOf = (uuid: string): string => `m-${hexOf(uuid)}`;
export const modelUuidOf = (id: string): string | null => (id.startsWith("m-") ? uuidOf(id.slice(2)) : null);
