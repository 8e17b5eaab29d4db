import type { ToolCall } from '@voicebus/protocol';
import type { Clock } from '../clock/clock.ts';
import { fairDeadline } from '../clock/fair-deadline.ts';
import { asVoicebusError, VoicebusError } from '../errors/voicebus-error.ts';
import type { Tool, ToolContext, ToolResultOptions } from './tool.ts';

export interface ToolOutcome {
  readonly status: 'completed' | 'cancelled' | 'error';
  /** JSON. */
  readonly content: string;
  readonly durationMs: number;
  readonly runLlm: boolean;
}

export interface RunToolOptions<Host> {
  readonly tool: Tool<Host> | undefined;
  readonly call: ToolCall;
  readonly turnId: string;
  readonly sessionId: string;
  readonly worker: Host;
  readonly clock: Clock;
  /** The user interrupted. */
  readonly interrupted: AbortSignal;
  /** The call, or this process's part in it, is over: also for a tool that goes on when the user interrupts. */
  readonly over: AbortSignal;
}

/**
 * Runs one call to its end: a result, an error, a timeout, or the user's interruption. Never rejects;
 * what comes after the outcome is ignored.
 */
export async function runTool<Host>(options: RunToolOptions<Host>): Promise<ToolOutcome> {
  const { tool, call, clock } = options;
  const startedMs = clock.now();
  const outcome = (
    status: ToolOutcome['status'],
    content: unknown,
    runLlm = true,
  ): ToolOutcome => ({
    status,
    content: toJson(content),
    durationMs: clock.now() - startedMs,
    runLlm,
  });
  if (!tool) return outcome('error', { error: `There is no tool named ${call.name}.` });
  const settled = Promise.withResolvers<ToolOutcome>();
  const abort = new AbortController();
  const late = `It did not finish within ${tool.timeoutMs} ms.`;
  const cancelTimer = fairDeadline({
    clock,
    limitMs: tool.timeoutMs,
    rule: () => settled.resolve(outcome('error', { error: late })),
  });
  const interrupted = (): void =>
    settled.resolve(outcome('cancelled', { cancelled: 'the caller interrupted' }, false));
  if (tool.cancelOnInterruption) options.interrupted.addEventListener('abort', interrupted);
  const over = (): void =>
    settled.resolve(outcome('cancelled', { cancelled: 'the call is over' }, false));
  options.over.addEventListener('abort', over);
  const context: ToolContext<Host> = {
    callId: call.id,
    turnId: options.turnId,
    sessionId: options.sessionId,
    signal: abort.signal,
    worker: options.worker,
    resultCallback: Object.assign(
      (result: unknown, { runLlm = true }: ToolResultOptions = {}) =>
        settled.resolve(outcome('completed', result, runLlm)),
      { callId: call.id },
    ),
  };
  void execute(tool, call, context).then(
    (result) => settled.resolve(outcome('completed', result)),
    (thrown: unknown) => {
      const error = asVoicebusError(thrown, 'worker-failed', `${call.name} failed`);
      settled.resolve(outcome('error', { error: error.message, code: error.code }));
    },
  );
  const result = await settled.promise;
  cancelTimer();
  options.interrupted.removeEventListener('abort', interrupted);
  options.over.removeEventListener('abort', over);
  abort.abort();
  return result;
}

async function execute<Host>(
  tool: Tool<Host>,
  call: ToolCall,
  context: ToolContext<Host>,
): Promise<unknown> {
  const parsed = tool.parameters.safeParse(parseArguments(call));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new VoicebusError(
      'invalid-arguments',
      `The argument ${issue?.path.join('.') || '(all)'} of ${call.name} is invalid: ${issue?.message ?? ''}`,
    );
  }
  return tool.execute(parsed.data, context);
}

function parseArguments(call: ToolCall): unknown {
  try {
    return call.arguments === '' ? {} : JSON.parse(call.arguments);
  } catch {
    throw new VoicebusError('invalid-arguments', `The arguments of ${call.name} are not JSON.`);
  }
}

function toJson(value: unknown): string {
  return JSON.stringify(value ?? null) ?? 'null';
}
