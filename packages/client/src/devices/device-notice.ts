import type { MicrophoneProblem } from '../microphone/microphone-state.ts';

/** What just happened to the caller's devices during a call; labels may be empty. */
export type DeviceNotice =
  /** One went, another took its place. */
  | { readonly kind: 'microphone-replaced'; readonly from: string; readonly to: string }
  /** The chosen one did not open; the one before is still in use. */
  | {
      readonly kind: 'microphone-refused';
      readonly using: string;
      readonly problem: MicrophoneProblem;
    }
  /** The chosen loudspeaker is gone; the system's own one plays. */
  | { readonly kind: 'speaker-gone' };
