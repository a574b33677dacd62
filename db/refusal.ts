/** Something that the person at the terminal can mend: shown as its message alone, without a stack. */
export class Refusal extends Error {}
