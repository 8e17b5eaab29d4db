import type { RunnerState } from '@voicebus/protocol';
import { strings } from '@/strings';
import { Chip, type ChipTone } from '@/ui/chip';

const tones: Readonly<Record<RunnerState, ChipTone>> = {
  starting: 'plain',
  ready: 'good',
  busy: 'warn',
  draining: 'warn',
  drained: 'plain',
  lost: 'bad',
  failed: 'bad',
};

/** Shapes say the same as the colours. */
const shapes: Readonly<Record<RunnerState, string>> = {
  starting: 'rounded-full border-dashed',
  ready: 'rounded-full bg-current',
  busy: 'bg-current',
  draining: '',
  drained: 'rounded-full',
  lost: 'rotate-45',
  failed: 'rotate-45 bg-current',
};

export function StateWord({ state }: { state: RunnerState }) {
  return (
    <Chip tone={tones[state]} title={strings.dashboard.states[state]}>
      <span aria-hidden className={`size-2 border-[1.5px] border-current ${shapes[state]}`} />
      {state}
    </Chip>
  );
}
