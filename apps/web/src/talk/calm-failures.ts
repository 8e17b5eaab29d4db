import type { FailureReason } from '@voicebus/client';

/** Ends of a call at which nothing broke: the caller closed the lid, or went on in another tab. */
export const calmFailures: ReadonlySet<FailureReason> = new Set(['slept', 'replaced']);
