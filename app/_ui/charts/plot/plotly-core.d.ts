/** plotly.js without any chart type but scatter: `lib/core` has no types of its own. */
declare module "plotly.js/lib/core" {
  import type * as Plotly from "plotly.js";

  const core: typeof Plotly & {
    Fx: {
      /** Shows what stands at `xval` (a number; a date in milliseconds since 1970), as if the mouse were there. */
      hover: (chart: HTMLElement, at: { xval: number }[] | { xval: number }, subplot?: string) => void;
      unhover: (chart: HTMLElement) => void;
    };
  };
  export default core;
}
