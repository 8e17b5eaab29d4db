import type { Reply, Scene } from './scene.ts';
import { join, noReply, say } from './scene.ts';
import { explain, greet, greeterSuggestions, welcome, welcomeBack } from './greeter.ts';
import { phraseResult } from './results.ts';
import { introduce, openTicket, proceed, supportSuggestions } from './support.ts';
import {
  askBack,
  askStillThere,
  continueSpeaking,
  goodbye,
  newResults,
  replyToNothing,
  replyToTalk,
} from './talk.ts';

/** These end the agent's part; nothing is said after them. */
const isLast = (name: string): boolean => /^(?:transfer|hand|end_|offer_suggestions)/.test(name);

/** The next thing to say and do, from the last message. */
export function composeReply(scene: Scene): Reply {
  const last = scene.messages.findLast((message) => message.role !== 'system');
  switch (last?.role) {
    case 'tool':
      return replyToResults(scene);
    case 'developer':
      return replyToNote(scene);
    case 'user':
      return replyToCaller(scene);
    case 'assistant':
      // Asked to speak again without anything new: what is open is taken up.
      return last.interrupted === true ? continueSpeaking(scene, goOn(scene)) : noReply;
    case 'system':
    case undefined:
      return welcome(scene);
  }
}

function isSupport(scene: Scene): boolean {
  return scene.tools.hasOwnTools || /support|service/.test(scene.options.agent);
}

function goOn(scene: Scene): Reply {
  return isSupport(scene) ? proceed(scene) : greet(scene);
}

function replyToResults(scene: Scene): Reply {
  const results = newResults(scene.messages);
  const failed = results.find(
    ({ name, status }) => /^(?:transfer|hand)/.test(name) && status === 'error',
  );
  if (failed !== undefined) {
    return say(
      scene,
      'I am sorry, nobody can be reached there right now. Is there anything else that I can do?',
      'I am sorry, it still does not work. Please try again a little later. Is there anything else?',
    );
  }
  const toTell = results.filter(({ name, status }) => !isLast(name) && status !== 'in-progress');
  return join(...toTell.map((message) => phraseResult(scene, message)));
}

function replyToNote(scene: Scene): Reply {
  const { note } = scene.state;
  switch (note?.type) {
    case 'silence':
      return askStillThere(scene);
    case 'unheard':
      return say(
        scene,
        'I am sorry, I could not hear you well. Please say it once more, or type it.',
        'I still can not make out what you say. You can type it below.',
      );
    case 'takeover': {
      const results = newResults(scene.messages).filter(({ name }) => !isLast(name));
      const sorry = say(scene, 'I am sorry, I was cut off.', 'Sorry, the line broke for a moment.');
      const first =
        results.length > 0 ? replyToResults(scene) : continueSpeaking(scene, goOn(scene));
      return join(sorry, first);
    }
    case 'unavailable': {
      const sorry = say(
        scene,
        'I am sorry, my colleague can not be reached.',
        'My colleague is still away, I am sorry.',
      );
      return join(sorry, say(scene, 'Can I do something else for you?', 'Is there anything else?'));
    }
    case 'welcome':
      return welcome(scene);
    case 'reason':
    case undefined:
      if (isSupport(scene)) return introduce(scene);
      return scene.messages.some(({ role }) => role === 'assistant')
        ? welcomeBack(scene)
        : welcome(scene);
  }
}

function replyToCaller(scene: Scene): Reply {
  const { heard, answered, intent } = scene.state;
  switch (heard.type) {
    case 'nothing':
    case 'wish':
    case 'progress':
      return goOn(scene);
    case 'not-understood':
      return replyToNothing(
        scene,
        goOn(scene),
        isSupport(scene) ? supportSuggestions : greeterSuggestions,
      );
    case 'talk':
      if (heard.intent.name === 'help') return explain(scene);
      return replyToTalk(scene, heard.intent.name, goOn(scene));
    case 'unsure':
      return askBack(scene, heard.intent.summary);
    case 'declined':
      return say(
        scene,
        'All right, then I leave it as it is. Is there anything else?',
        'Fine, I will not do that. Can I do anything else for you?',
      );
    case 'rejected':
      return join(say(scene, 'I am sorry.', 'Sorry about that.', 'My mistake.'), goOn(scene));
    case 'digits': {
      const digits = [...heard.digits].join(' ');
      return say(
        scene,
        `I heard ${digits}, but an order number has four digits. Could you read me all four digits?`,
        `I have ${digits} now. Could you say the whole order number once more, digit by digit?`,
      );
    }
    case 'no-number':
      return say(
        scene,
        'Without the number I can not look it up. Shall I open a ticket, so that a person calls you back?',
      );
    case 'ticket':
      return openTicket(scene);
    case 'go-on':
      return continueSpeaking(scene, goOn(scene));
    case 'yes':
      if (answered?.type !== 'did-help') return goOn(scene);
      return say(
        scene,
        'I am glad to hear that. Is there anything else?',
        'Very good. Can I do anything else for you?',
      );
    case 'no':
      if (answered?.type === 'anything-else' && intent === null) return goodbye(scene);
      return goOn(scene);
  }
}
