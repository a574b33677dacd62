import { Nothing } from "./_ui/nothing.tsx";

export default function NotFound() {
  return (
    <main>
      <Nothing />
    </main>
  );
}
