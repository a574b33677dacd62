/** Values that the examples of the contract's schemas have in common. */

export const projectId = "0199f3a2-1c00-7000-8000-000000000001";

export const runId = "0199f3a2-1c00-7000-8000-0000000000aa";

export const writerId = "5b0f1f0e-8a35-4b0e-9d6e-2f3c4d5e6f70";

export const digestOf = (digit: string) => digit.repeat(64);
