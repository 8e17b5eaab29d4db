import type { Reply, Scene } from './scene.ts';
import { join, say } from './scene.ts';
import { handOver } from './transfer.ts';

export const greeterSuggestions = [
  'I have a question about an order',
  'I want to return something',
  'My device does not work',
  'What can you do?',
];

/** What the greeter does about a wish: it hands over what support can do. */
export function greet(scene: Scene): Reply {
  const { intent } = scene.state;
  if (intent === null) {
    return say(
      scene,
      'What can I do for you?',
      'How can I help you?',
      'Just tell me what it is about.',
    );
  }
  if (intent.name === 'back-to-greeter') {
    return say(
      scene,
      'You are with the greeter. How can I help you?',
      'I am right here. What is it about?',
    );
  }
  return (
    handOver(scene, /support|service|help/) ??
    say(
      scene,
      'I am sorry, there is nobody here who could do that. Is there anything else?',
      'I am sorry, I can not do that either. Is there anything else?',
    )
  );
}

export function welcome(scene: Scene): Reply {
  const company =
    /\b(?:work for|welcome to|company is|shop is|shop called)\s+((?:[A-Z][\w&']*\s?)+)/.exec(
      scene.options.instructions,
    )?.[1];
  const name = company === undefined ? '' : ` to ${company.trim()}`;
  return say(
    scene,
    `Hello, and welcome${name}. What can I do for you?`,
    'Hello again. How can I help you?',
  );
}

/** For a caller who has been with another agent. */
export function welcomeBack(scene: Scene): Reply {
  return say(
    scene,
    'Welcome back. What else can I do for you?',
    'Here is the greeter again. How can I help you?',
  );
}

export function explain(scene: Scene): Reply {
  const who = scene.tools.transfer === undefined ? '' : ', and I hand you over to whoever can help';
  return join(
    say(
      scene,
      `You can ask about orders, returns, payments, your account or a device${who}.`,
      'Orders, returns, payments, your account, stores, devices: just say what it is about.',
    ),
    say(scene, 'What would you like?', 'What is it about?'),
  );
}
