import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';

export interface ChoiceOption {
  readonly value: string;
  readonly label: string;
}

/** The browser's own list: the best one on a phone, and known to every screen reader. */
export function Choice(props: {
  label: string;
  icon: ReactNode;
  value: string;
  options: readonly ChoiceOption[];
  disabled?: boolean;
  onChange: (value: string) => void;
}) {
  return (
    <label className="relative flex min-h-11 min-w-0 flex-1 items-center rounded-full border border-line bg-surface text-ink-soft has-focus-visible:border-transparent">
      <span className="pointer-events-none absolute start-3.5 [&>svg]:size-4">{props.icon}</span>
      <select
        aria-label={props.label}
        value={props.value}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.target.value)}
        className="min-h-11 w-full min-w-0 appearance-none truncate rounded-full bg-transparent pe-9 ps-10 text-sm text-ink disabled:opacity-60"
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value} className="bg-surface text-ink">
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute end-3.5 size-4" />
    </label>
  );
}
