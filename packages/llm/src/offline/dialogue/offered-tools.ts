import type { GenerateOptions } from '@voicebus/core';

type Tools = GenerateOptions['tools'];

/** What the model may call here: it calls nothing that it was not offered. */
export class OfferedTools {
  readonly #tools: Tools;

  constructor({ tools, toolChoice }: Pick<GenerateOptions, 'tools' | 'toolChoice'>) {
    this.#tools = toolChoice === 'none' ? [] : tools;
  }

  has(name: string): boolean {
    return this.#tools.some((tool) => tool.name === name);
  }

  /** The tool that hands over to another agent, under any of its usual names. */
  get transfer(): string | undefined {
    return this.#find(/^(?:transfer|hand_?over|hand_?off)/);
  }

  get endCall(): string | undefined {
    return this.#find(/^(?:end_call|end_conversation|hang_up)$/);
  }

  get suggestions(): string | undefined {
    return this.#find(/^offer_suggestions$/);
  }

  /** Any tool that is not about the conversation itself. */
  get hasOwnTools(): boolean {
    const others = [this.transfer, this.endCall, this.suggestions];
    return this.#tools.some((tool) => !others.includes(tool.name));
  }

  /** The values that a parameter may have; empty when it is free. */
  choices(name: string, parameter: string): readonly string[] {
    const schema = this.#parameter(name, parameter);
    const values = isRecord(schema) ? schema['enum'] : undefined;
    return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [];
  }

  hasParameter(name: string, parameter: string): boolean {
    return this.#parameter(name, parameter) !== undefined;
  }

  #find(pattern: RegExp): string | undefined {
    return this.#tools.find((tool) => pattern.test(tool.name))?.name;
  }

  #parameter(name: string, parameter: string): unknown {
    const properties = this.#tools.find((tool) => tool.name === name)?.parameters['properties'];
    return isRecord(properties) ? properties[parameter] : undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
