import { cva, type VariantProps } from 'class-variance-authority';
import { CircleAlert, Info } from 'lucide-react';
import type { ReactNode } from 'react';

const notice = cva('arrive flex items-start gap-3 rounded-card px-4 py-3 text-[0.95rem]', {
  variants: {
    tone: {
      bad: 'bg-bad-wash text-bad',
      warn: 'bg-warn-wash text-warn',
      calm: 'bg-sunken text-ink-soft',
    },
  },
});

/** What happened, and the next step. Only an alert interrupts a screen reader. */
export function Notice(
  props: Required<VariantProps<typeof notice>> & {
    alert?: boolean;
    title: string;
    children?: ReactNode;
    action?: ReactNode;
  },
) {
  const Icon = props.tone === 'calm' ? Info : CircleAlert;
  return (
    <div role={props.alert ? 'alert' : undefined} className={notice({ tone: props.tone })}>
      <Icon aria-hidden className="mt-0.5 size-5 shrink-0" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{props.title}</p>
        {props.children ? <div className="mt-0.5 text-ink-soft">{props.children}</div> : null}
        {props.action ? <div className="mt-3 flex flex-wrap gap-2">{props.action}</div> : null}
      </div>
    </div>
  );
}
