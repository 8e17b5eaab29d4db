import type { z } from 'zod';
import { VoicebusError } from '../errors/voicebus-error.ts';
import type { FrameClass } from './frame.ts';

export interface CustomFrameDefinition {
  readonly name: string;
  readonly class: FrameClass;
  readonly schema: z.ZodType;
}

/**
 * The custom frames of an application. Both ends of a bridge get the same registry; a frame that is not
 * in it never crosses.
 */
export class FrameRegistry {
  readonly #definitions = new Map<string, CustomFrameDefinition>();

  register(definition: CustomFrameDefinition): this {
    this.#definitions.set(definition.name, definition);
    return this;
  }

  /** Throws `unregistered-frame` or `bad-message`, naming the frame and the field. */
  check(name: string, body: unknown): CustomFrameDefinition {
    const definition = this.#definitions.get(name);
    if (!definition) {
      throw new VoicebusError(
        'unregistered-frame',
        `The frame ${name} is not registered: it cannot cross a bridge.`,
        {
          data: { frame: name },
        },
      );
    }
    const result = definition.schema.safeParse(body);
    if (!result.success) {
      const issue = result.error.issues[0];
      throw new VoicebusError(
        'bad-message',
        `The frame ${name} is invalid at ${issue?.path.join('.') || 'its body'}.`,
      );
    }
    return definition;
  }
}
