"use client";
/** A form whose POST is a server action: fields read their errors from it, its button shows that it is at work. */
import {
  createContext,
  type ReactNode,
  startTransition,
  useActionState,
  useContext,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { Button, type ButtonLook } from "./button.tsx";
import type { ActionOutcome, FormAction } from "./outcome.ts";

type FormState = { fieldErrors: Record<string, string>; pending: boolean };
const FormContext = createContext<FormState>({ fieldErrors: {}, pending: false });
export const useFormState = () => useContext(FormContext);

type ActionFormProps<Value> = {
  action: FormAction<Value>;
  children: ReactNode;
  /** Called once for each time that the action went well. */
  onDone?: (value: Value) => void;
  className?: string;
};

/** Keeps what was typed when the action refuses it. Works as a plain POST until the page's script has loaded. */
export function ActionForm<Value>({ action, children, onDone, className = "grid gap-4" }: ActionFormProps<Value>) {
  const [outcome, dispatch, pending] = useActionState<ActionOutcome<Value> | null, FormData>(action, null);
  const form = useRef<HTMLFormElement>(null);
  const announced = useRef<ActionOutcome<Value> | null>(null);
  const [isShownAtField, setShownAtField] = useState(false);
  const fieldErrors = outcome && !outcome.ok ? outcome.fieldErrors : {};

  useLayoutEffect(() => {
    if (outcome === announced.current) return;
    announced.current = outcome;
    if (outcome?.ok) onDone?.(outcome.value);
    else {
      const field = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
      field?.focus();
      // an error of something that has no field here is said all the same
      setShownAtField(Boolean(field));
    }
  }, [outcome, onDone]);

  return (
    <form
      ref={form}
      action={dispatch}
      // React empties a form after its action, refused or not; sent by hand it keeps what was typed
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        startTransition(() => dispatch(data));
      }}
      className={className}
    >
      <FormContext value={{ fieldErrors, pending }}>
        {children}
        {outcome && !outcome.ok && !isShownAtField && (
          <p role="alert" className="text-sm text-danger">
            {outcome.error}
          </p>
        )}
      </FormContext>
    </form>
  );
}

type SubmitProps = { children: ReactNode; look?: ButtonLook; className?: string };

export function Submit({ children, look = "primary", className }: SubmitProps) {
  const { pending } = useFormState();
  return (
    <Button type="submit" look={look} className={className} disabled={pending} aria-busy={pending}>
      {children}
    </Button>
  );
}
