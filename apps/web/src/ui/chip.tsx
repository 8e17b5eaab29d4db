import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';

const chip = cva(
  'inline-flex min-h-7 items-center gap-1.5 rounded-full px-3 text-[0.8125rem] font-medium whitespace-nowrap',
  {
    variants: {
      tone: {
        plain: 'bg-sunken text-ink-soft',
        good: 'bg-good-wash text-good',
        warn: 'bg-warn-wash text-warn',
        bad: 'bg-bad-wash text-bad',
        agent: 'bg-agent-wash text-agent',
      },
    },
    defaultVariants: { tone: 'plain' },
  },
);

export type ChipTone = NonNullable<VariantProps<typeof chip>['tone']>;

export function Chip({
  tone,
  className = '',
  ...props
}: ComponentProps<'span'> & { tone?: ChipTone }) {
  return <span className={`${chip({ tone })} ${className}`} {...props} />;
}
