import { useEffect, useId, useState } from 'react';
import { strings } from '@/strings';
import { Button } from '@/ui/button';
import { operate } from './operate';

type Step =
  | { readonly kind: 'offered' }
  | { readonly kind: 'confirming' }
  | { readonly kind: 'asked' }
  | { readonly kind: 'refused'; readonly message: string };

/** A runner says what it does within its next renewal, half a second later: this much is not slow any more. */
const doneWithinMs = 5_000;

/** The button that was pressed is gone: whoever uses the keyboard goes on here. */
const focus = (button: HTMLButtonElement | null) => button?.focus();

/** Something that cannot be taken back: it is asked once, with the consequence, and shown until it was done. */
export function ConfirmedAction(props: {
  /** On the button: "Drain". */
  label: string;
  /** What it is done to, for those who do not see the row: "greeter-1". */
  target: string;
  consequence: string;
  path: string;
}) {
  const [step, setStep] = useState<Step>({ kind: 'offered' });
  const words = strings.dashboard.actions;
  const questionId = useId();
  const isAsked = step.kind === 'asked';
  useEffect(() => {
    if (!isAsked) return;
    const giveUp = () => setStep({ kind: 'refused', message: words.notDone });
    const timer = setTimeout(giveUp, doneWithinMs);
    return () => clearTimeout(timer);
  }, [isAsked, words]);
  const ask = () => {
    setStep({ kind: 'asked' });
    operate(props.path).catch((error: unknown) =>
      setStep({ kind: 'refused', message: error instanceof Error ? error.message : String(error) }),
    );
  };
  switch (step.kind) {
    case 'offered':
      return (
        <Button
          shape="small"
          aria-label={`${props.label} ${props.target}`}
          onClick={() => setStep({ kind: 'confirming' })}
        >
          {props.label}
        </Button>
      );
    case 'confirming':
      return (
        <div role="group" aria-labelledby={questionId} className="flex flex-col gap-2 py-1">
          <p id={questionId} className="max-w-64 text-sm text-ink-soft">
            {props.consequence}
          </p>
          <div className="flex gap-2">
            <Button ref={focus} kind="solid" shape="small" onClick={ask}>
              {props.label}
            </Button>
            <Button shape="small" onClick={() => setStep({ kind: 'offered' })}>
              {words.cancel}
            </Button>
          </div>
        </div>
      );
    case 'asked':
      return (
        <span role="status" className="text-ink-faint">
          {words.asked}
        </span>
      );
    case 'refused':
      return (
        <span role="alert" className="flex flex-wrap items-center gap-2 text-bad">
          {step.message}
          <Button shape="small" onClick={() => setStep({ kind: 'offered' })}>
            {words.again}
          </Button>
        </span>
      );
  }
}
