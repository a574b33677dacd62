/** A line to whoever watches the program. Not on stdout, which is the program's own. */
export const say = (line: string): void => {
  process.stderr.write(`holdout: ${line}\n`);
};
