/** plotly.js, fetched when the first picture is asked for. */
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
