/** What a client says of a model's version beside its number: `, stage production, alias champion`; "" where it says nothing. Pure. */
export function registeredWords({ stage, aliases }: { stage: string; aliases: readonly string[] }): string {
  const staged = stage === "none" ? [] : [`stage ${stage}`];
  const named = aliases.length > 0 ? [`alias ${aliases.join(", ")}`] : [];
  return [...staged, ...named].map((words) => `, ${words}`).join("");
}
