import Form from "next/form";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Input, Select } from "@/app/_ui/parts/field.tsx";

type GalleryFilterProps = { classes: string[] | null; query: URLSearchParams };

/** Of more classes a label is typed, with the browser's suggestions. */
const LISTED_MAX = 200;

export function GalleryFilter({ classes, query }: GalleryFilterProps) {
  const [by, slice] = [query.get("by"), query.get("slice")];
  return (
    <Form
      key={String(query)}
      action=""
      className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 md:px-6"
    >
      {classes &&
        (["truth", "predicted"] as const).map((name) => {
          const label = name === "truth" ? "any truth" : "any answer";
          const value = query.get(name) ?? "";
          return classes.length > LISTED_MAX ? (
            <Input
              key={name}
              name={name}
              aria-label={label}
              placeholder={label}
              defaultValue={value}
              className="max-w-40"
            />
          ) : (
            <Select
              key={name}
              name={name}
              aria-label={label}
              defaultValue={value}
              options={[["", label], ...classes.map((one) => [one, one] as const)]}
              className="max-w-44"
            />
          );
        })}
      {classes && (
        <Select
          name="answer"
          aria-label="Right or wrong"
          defaultValue={query.get("answer") ?? "all"}
          options={[
            ["all", "right and wrong"],
            ["wrong", "wrong alone"],
            ["right", "right alone"],
          ]}
          className="max-w-40"
        />
      )}
      <Select
        name="order"
        aria-label="Order"
        defaultValue={query.get("order") ?? "worst"}
        options={[
          ["worst", "worst first"],
          ["best", "best first"],
        ]}
        className="max-w-32"
      />
      {by && slice && (
        <span className="text-sm">
          <input type="hidden" name="by" value={by} />
          <input type="hidden" name="slice" value={slice} />
          {by} is “{slice}”
        </span>
      )}
      <Button type="submit">Show</Button>
    </Form>
  );
}
