import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';

/** Each is at least 44 px high, so that a thumb finds it. */
const button = cva(
  'inline-flex min-h-11 items-center justify-center gap-2 rounded-full text-[0.95rem] font-medium transition-colors duration-(--quick) disabled:opacity-45 disabled:cursor-not-allowed select-none',
  {
    variants: {
      kind: {
        solid: 'bg-solid text-on-solid enabled:hover:bg-solid-hover',
        line: 'border border-line-strong bg-surface text-ink enabled:hover:bg-sunken',
        quiet: 'text-ink-soft enabled:hover:bg-sunken enabled:hover:text-ink',
        end: 'bg-bad-wash text-bad enabled:hover:bg-bad enabled:hover:text-paper',
      },
      shape: {
        pill: 'px-5',
        small: 'px-4 text-sm',
        icon: 'w-11 shrink-0',
        big: 'min-h-14 px-8 text-lg',
      },
    },
    defaultVariants: { kind: 'line', shape: 'pill' },
  },
);

export type ButtonProps = ComponentProps<'button'> & VariantProps<typeof button>;

export function Button({ kind, shape, className = '', ...props }: ButtonProps) {
  return <button type="button" className={`${button({ kind, shape })} ${className}`} {...props} />;
}

/** The same look for a link. */
export const buttonClass = button;
