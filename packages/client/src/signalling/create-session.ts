import {
  createSessionResponseSchema,
  errorResponseSchema,
  type CreateSessionResponse,
} from '@voicebus/protocol';
import { CallError } from '../failure.ts';

/** It answers in milliseconds; a server that is just starting, or a slow phone, may need seconds. */
const deadlineMs = 8000;

/** Asks the transport agents in order; the first that takes the call wins. */
export async function createSession(
  transportUrls: readonly string[],
  options: { readonly audio: boolean; readonly fetch?: typeof fetch },
): Promise<CreateSessionResponse> {
  let failure = new CallError('unreachable', 'No transport agent is configured');
  for (const url of transportUrls) {
    try {
      return await createAt(url, options);
    } catch (error) {
      const next = CallError.from(error, 'unreachable');
      // "Busy" says more to the caller than that another one is down.
      if (failure.code !== 'all-lines-busy') failure = next;
    }
  }
  throw failure;
}

async function createAt(
  url: string,
  options: { readonly audio: boolean; readonly fetch?: typeof fetch },
): Promise<CreateSessionResponse> {
  const response = await (options.fetch ?? fetch)(new URL('/v1/sessions', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ audio: options.audio }),
    signal: AbortSignal.timeout(deadlineMs),
  });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const { error } = errorResponseSchema.safeParse(body).data ?? {};
    const message = error?.message ?? `${url} answered ${response.status}`;
    throw new CallError(codeOf(response.status), message);
  }
  const created = createSessionResponseSchema.safeParse(body);
  if (!created.success) throw new CallError('version-mismatch', created.error.message);
  return created.data;
}

function codeOf(status: number): CallError['code'] {
  if (status === 503 || status === 429) return 'all-lines-busy';
  if (status === 401 || status === 403) return 'origin-refused';
  return 'unreachable';
}
