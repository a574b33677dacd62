/** What keys do, in words. Whoever listens to a key says it here. */

/** `keys` are written as they stand on a keyboard; several of one entry are alternatives. */
export type KeyEntry = { keys: string[]; words: string };

export const pageKeys: KeyEntry[] = [
  { keys: ["⌘K", "Ctrl K"], words: "Go to a page, project or run, or do something" },
  { keys: ["?"], words: "Show these keys" },
  { keys: ["Tab"], words: "Go to the next thing that takes keys" },
];

export const chartKeys: KeyEntry[] = [
  { keys: ["f"], words: "Show the chart that has the focus in full screen" },
  { keys: ["c"], words: "Comment on the step at the cursor of the chart that has the focus" },
  { keys: ["←", "→"], words: "In full screen: the chart before, the next one; at the cursor: a step back, a step on" },
  { keys: ["Escape"], words: "Leave full screen" },
];

export const tableKeys: KeyEntry[] = [
  { keys: ["j"], words: "The next run" },
  { keys: ["k"], words: "The run before" },
  { keys: ["Enter"], words: "Open the run, or a group" },
  { keys: ["x"], words: "Select the run, or no longer" },
  { keys: ["Shift x"], words: "Select all runs from the last one to this" },
  { keys: ["m"], words: "Open the run's menu" },
  { keys: ["e"], words: "Show the run in the charts, or hide it" },
  { keys: ["c"], words: "Compare the selected runs side by side, or those of the group" },
  { keys: ["t"], words: "Tag the selected runs, or this one" },
  { keys: ["/"], words: "Filter the runs" },
  { keys: ["Escape"], words: "Leave the filter; then clear the selection" },
];

export const comparisonKeys: KeyEntry[] = [
  { keys: ["←", "→", "↑", "↓"], words: "Walk the cells of a comparison" },
  { keys: ["n", "]"], words: "The next row in which runs differ" },
  { keys: ["N", "["], words: "The one before" },
  { keys: ["b"], words: "Make the run of the column the baseline" },
  { keys: ["h"], words: "Hide the column" },
  { keys: ["Shift ←", "Shift →"], words: "Move the column" },
  { keys: ["p"], words: "Pin the row on top, or no longer" },
  { keys: ["e"], words: "Show the row at length, or no longer" },
  { keys: ["Enter", "o"], words: "Open the run of the column" },
  { keys: ["/"], words: "Find rows" },
];
