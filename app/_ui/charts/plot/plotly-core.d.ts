/** plotly.js without any chart type but scatter: `lib/core` has no types of its own. */
declare module "plotly.js/lib/core" {
  import type * as Plotly from "plotly.js";

  const core: typeof Plotly;
  export default core;
}
