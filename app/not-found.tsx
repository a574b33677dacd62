import { Nothing } from "./_ui/parts/nothing.tsx";

export default function NotFound() {
  return (
    <main>
      <Nothing />
    </main>
  );
}
