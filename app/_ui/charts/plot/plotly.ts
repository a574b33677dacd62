/** plotly.js, fetched by the first chart that comes into view. */
import type Core from "plotly.js/lib/core";

export type PlotlyCore = typeof Core;

let loading: Promise<PlotlyCore> | null = null;

/** The library; asks the server again after a failure. For effects alone: it needs a window. */
export function loadPlotly(): Promise<PlotlyCore> {
  loading ??= import("plotly.js/lib/core").then(
    (module) => module.default,
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}
