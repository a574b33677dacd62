/** Learning rates that differ enough to tell, from the usual one outwards. */
const rates = [0.01, 0.003, 0.03, 0.1, 0.001, 0.3];

/** A learning rate that none of these is; null: all were tried. */
export const nextRate = (tried: number[]): number | null => rates.find((rate) => !tried.includes(rate)) ?? null;
