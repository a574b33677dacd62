type Memory = <Arguments extends readonly unknown[], Answer>(
  read: (...args: Arguments) => Answer,
) => (...args: Arguments) => Answer;

let memory: Memory | null = null;

/** What remembers the answers of a page while that is rendered: told once by who renders pages. */
export const rememberBy = (given: Memory): void => {
  memory = given;
};

/**
 * `read`, made once while a page is rendered, however many parts of the page ask for it with the same arguments (ids; an object
 * counts as the same where it is the same one). Routes, acts, jobs and tests read each time. What goes on after the page (a timer,
 * a listener) mustn't call it: it would be told that page's answer for ever.
 */
export const oncePerPage: Memory = (read) => {
  let remembering: typeof read | null = null;
  return (...args) => {
    if (memory) remembering ??= memory(read);
    return (remembering ?? read)(...args);
  };
};
