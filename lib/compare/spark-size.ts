/** The picture that a small curve is drawn in, in units of its own. */
export const SPARK = { width: 100, height: 20 } as const;
