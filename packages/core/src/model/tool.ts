import { z } from 'zod';
import type { ToolDescription } from '../frames/frame.ts';

export interface ToolResultOptions {
  /** False: the model says nothing more about it. */
  readonly runLlm?: boolean;
}

/** Gives a tool's result; it knows which call it belongs to. */
export type ResultCallback = ((result: unknown, options?: ToolResultOptions) => void) & {
  readonly callId: string;
};

/** What a tool is given beside its arguments. */
export interface ToolContext<Host = unknown> {
  readonly callId: string;
  readonly turnId: string;
  readonly sessionId: string;
  /** Aborted when the user interrupts (unless the tool goes on then), on timeout, and when the call ends. */
  readonly signal: AbortSignal;
  /** The worker that runs the tool. */
  readonly worker: Host;
  /** Gives the result before `execute` returns; what `execute` returns is then ignored. */
  readonly resultCallback: ResultCallback;
}

export interface ToolOptions<Schema extends z.ZodObject, Host> {
  readonly description: string;
  /** Described fields make better calls. */
  readonly parameters: Schema;
  /** Its result is given to the model as JSON. What it throws is told to the model, too. */
  readonly execute: (args: z.infer<Schema>, context: ToolContext<Host>) => unknown;
  /** False: it goes on when the user interrupts, and its result is told later. Default: true. */
  readonly cancelOnInterruption?: boolean;
  /** Default 10 s: longer silence than that in a call needs a tool that goes on in the background. */
  readonly timeoutMs?: number;
}

/** A tool with its types erased, as a worker keeps it. */
export interface Tool<Host = unknown> {
  readonly description: string;
  readonly parameters: z.ZodObject;
  readonly cancelOnInterruption: boolean;
  readonly timeoutMs: number;
  readonly execute: (args: unknown, context: ToolContext<Host>) => unknown;
}

/** Something that the model can do. */
export function tool<Schema extends z.ZodObject, Host = unknown>(
  options: ToolOptions<Schema, Host>,
): Tool<Host> {
  return {
    description: options.description,
    parameters: options.parameters,
    cancelOnInterruption: options.cancelOnInterruption ?? true,
    timeoutMs: options.timeoutMs ?? 10_000,
    execute: (args, context) => options.execute(options.parameters.parse(args), context),
  };
}

/** Tools outlive turns; making the schema costs more than everything else that a turn does here. */
const jsonSchemas = new WeakMap<z.ZodObject, Record<string, unknown>>();

function jsonSchemaOf(parameters: z.ZodObject): Record<string, unknown> {
  const known = jsonSchemas.get(parameters) ?? z.toJSONSchema(parameters);
  jsonSchemas.set(parameters, known);
  return known;
}

export function describeTools(tools: Readonly<Record<string, Tool<never>>>): ToolDescription[] {
  return Object.entries(tools).map(([name, { description, parameters }]) => ({
    name,
    description,
    parameters: jsonSchemaOf(parameters),
  }));
}
