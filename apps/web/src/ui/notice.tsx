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
    /** One line where there is room: the action stands beside the words. */
    compact?: boolean;
  },
) {
  const Icon = props.tone === 'calm' ? Info : CircleAlert;
  return (
    <div role={props.alert ? 'alert' : undefined} className={notice({ tone: props.tone })}>
      <Icon
        aria-hidden
        className={`size-5 shrink-0 ${props.compact ? 'self-start sm:self-center' : 'mt-0.5'}`}
      />
      <div
        className={`min-w-0 flex-1 ${props.compact ? 'flex flex-wrap items-center justify-between gap-x-4 gap-y-2' : ''}`}
      >
        <p className="font-medium">{props.title}</p>
        {props.children ? <div className="mt-0.5 text-ink-soft">{props.children}</div> : null}
        {props.action ? (
          <div className={`flex flex-wrap gap-2 ${props.compact ? '' : 'mt-3'}`}>
            {props.action}
          </div>
        ) : null}
      </div>
    </div>
  );
}
