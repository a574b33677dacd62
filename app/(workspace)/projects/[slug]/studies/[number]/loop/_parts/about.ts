/** What a part is for, where server and browser both say it. */

export const SIMULATOR_ABOUT =
  "Loops in a world that you guess, with every effect known: the rule beside keeping whatever is higher once. The figures are the same each time.";
