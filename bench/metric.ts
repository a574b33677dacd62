/** The metric of every long series here. */
export const METRIC = "loss";
