import type { ReactNode } from 'react';

/** Why something is empty, and the command that fills it. */
export function Command({ children, command }: { children: ReactNode; command: string }) {
  return (
    <p className="flex flex-col items-center gap-2.5 text-balance">
      {children}
      <code className="rounded-lg bg-sunken px-3 py-1.5 font-mono text-sm text-ink">{command}</code>
    </p>
  );
}
