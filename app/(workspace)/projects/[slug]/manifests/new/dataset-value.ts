/** A dataset in the address and in a form, where a line feed would come out as two characters. */
export const datasetValue = (name: string, version: string): string =>
  new URLSearchParams({ name, version }).toString();
