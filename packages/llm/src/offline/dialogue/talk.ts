import type { AssistantMessage, ContextMessage, ToolMessage } from '@voicebus/protocol';
import { phraseResult } from './results.ts';
import { questionEndings } from './question.ts';
import type { Reply, Scene } from './scene.ts';
import { call, join, say, suggest } from './scene.ts';

const jokes = [
  'Why did the robot go on holiday? It had to recharge its batteries.',
  'I would tell you a joke about a parcel, but it has not arrived yet.',
] as const;

/** Replies that are the same for every agent. `goOn` continues what is open, or asks what to do. */
export function replyToTalk(scene: Scene, intentName: string, goOn: Reply): Reply {
  const { intent } = scene.state;
  switch (intentName) {
    case 'thanks':
      if (intent !== null) return join(say(scene, 'You are welcome.', 'My pleasure.'), goOn);
      return say(
        scene,
        'You are welcome. Is there anything else?',
        'My pleasure. Can I do anything else for you?',
      );
    case 'goodbye':
      return goodbye(scene);
    case 'repeat':
      return repeat(scene, goOn);
    case 'greeting':
      return join(say(scene, 'Hello.', 'Hello again.', 'Yes, I am here.'), goOn);
    case 'how-are-you':
      return join(say(scene, 'I am fine, thank you.', 'Still fine, thanks.'), goOn);
    case 'who-are-you':
      return join(
        say(
          scene,
          `I am the ${scene.options.agent}: a small offline demo program, not a person and not a language model.`,
          'I am a demo program that runs without a language model.',
        ),
        goOn,
      );
    case 'tell-joke':
      return join(say(scene, ...jokes), goOn);
    default:
      return goOn;
  }
}

export function goodbye(scene: Scene): Reply {
  const words = say(scene, 'Thank you for calling. Goodbye.', 'Goodbye, and have a nice day.');
  const name = scene.tools.endCall;
  return name === undefined ? words : call(words, name, { reason: 'The caller said goodbye.' });
}

/** The second time in a row it offers other ways than speaking. */
export function replyToNothing(scene: Scene, goOn: Reply, suggestions: readonly string[]): Reply {
  if (scene.state.misunderstandings < 2) {
    const sorry = say(
      scene,
      'I am sorry, I did not understand that.',
      'Sorry, I did not get that.',
    );
    return join(sorry, goOn);
  }
  const words = say(
    scene,
    'I still do not understand, I am sorry. You can type it instead, or tap one of the suggestions.',
    'I am sorry, it does not get through to me. Please type it, or tap one of the suggestions.',
  );
  return join(words, suggest(scene, suggestions));
}

export function askBack(scene: Scene, summary: string): Reply {
  const question = questionEndings.confirmIntent(summary);
  return say(scene, `I am not sure that I understood. ${question}`, `Sorry. ${question}`);
}

export function askStillThere(scene: Scene): Reply {
  return say(
    scene,
    'Are you still there?',
    'Hello, are you still there?',
    'I can not hear you. Are you still there?',
  );
}

/** What was said last; what was cut short is said anew, since only its start is known. */
function repeat(scene: Scene, goOn: Reply): Reply {
  const last = lastSpoken(scene.messages);
  if (last === undefined) return goOn;
  if (last.interrupted === true) return continueSpeaking(scene, goOn);
  return { text: `Of course. ${last.content.replace(/^(?:Of course\. )+/, '')}`, calls: [] };
}

/** After an interruption or in place of an agent that was cut off: on from the last fact. */
export function continueSpeaking(scene: Scene, goOn: Reply): Reply {
  const result = lastResult(scene.messages);
  if (scene.state.intent !== null || result === undefined) return goOn;
  return join(say(scene, 'So:', 'Once more:', 'Well:'), phraseResult(scene, result));
}

/** The results that the agent has not spoken about yet. */
export function newResults(messages: readonly ContextMessage[]): readonly ToolMessage[] {
  const since = messages.findLastIndex(
    ({ role, content }) => role === 'user' || (role === 'assistant' && content !== ''),
  );
  return messages.slice(since + 1).filter((message) => message.role === 'tool');
}

function lastSpoken(messages: readonly ContextMessage[]): AssistantMessage | undefined {
  return messages.findLast(
    (message): message is AssistantMessage =>
      message.role === 'assistant' && message.content !== '',
  );
}

function lastResult(messages: readonly ContextMessage[]): ToolMessage | undefined {
  return messages.findLast(
    (message): message is ToolMessage =>
      message.role === 'tool' &&
      message.status === 'completed' &&
      !/^(?:transfer|hand|end_|offer_)/.test(message.name),
  );
}
