import type { GenerateOptions } from '@voicebus/core';
import type { ContextMessage } from '@voicebus/protocol';
import type { DialogueState } from './dialogue-state.ts';
import type { OfferedTools } from './offered-tools.ts';
import { chooseWording } from './phrases.ts';

/** Everything that a reply may depend on. */
export interface Scene {
  readonly options: GenerateOptions;
  readonly messages: readonly ContextMessage[];
  readonly tools: OfferedTools;
  readonly state: DialogueState;
}

export interface Reply {
  readonly text: string;
  readonly calls: readonly {
    readonly name: string;
    readonly arguments: Readonly<Record<string, unknown>>;
  }[];
}

export const noReply: Reply = { text: '', calls: [] };

/** A wording that this caller has not heard yet. */
export function say(scene: Scene, first: string, ...others: readonly string[]): Reply {
  return { text: chooseWording([first, ...others], scene.messages), calls: [] };
}

/** The same, with a call of a tool after the text. */
export function call(
  reply: Reply,
  name: string,
  given: Readonly<Record<string, unknown>> = {},
): Reply {
  return { text: reply.text, calls: [...reply.calls, { name, arguments: given }] };
}

export function join(...replies: readonly Reply[]): Reply {
  return {
    text: replies
      .map(({ text }) => text)
      .filter((text) => text !== '')
      .join(' '),
    calls: replies.flatMap(({ calls }) => calls),
  };
}

/** Shows things to tap, where the page can. */
export function suggest(scene: Scene, suggestions: readonly string[]): Reply {
  const name = scene.tools.suggestions;
  return name === undefined ? noReply : call(noReply, name, { suggestions });
}
