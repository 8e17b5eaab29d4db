import { createFrame } from '@voicebus/core';
import type { Conversation } from '../conversation.ts';
import { encodeWords, silence } from '../spoken-words.ts';
import type { InterleavingStage } from './stage.ts';
import type { SeededRandom } from './random.ts';

export interface Action {
  readonly name: string;
  /** Starts something; nothing waits for it but the end of the run. */
  readonly run: (stage: InterleavingStage, call: Conversation, random: SeededRandom) => void;
}

/** Some lines are back before anybody is lost by it (a lease is 1.5 s), some after that. */
const longestCutMs = 2_500;
const cutMs = (random: SeededRandom): number => random.between(50, longestCutMs);

/** What can happen to a call, in any order and at any moment. */
export const actions: readonly Action[] = [
  { name: 'type', run: (stage, call) => stage.say(call, 'plain') },
  { name: 'ask-for-handoff', run: (stage, call) => stage.say(call, 'handoff') },
  { name: 'ask-for-nobody', run: (stage, call) => stage.say(call, 'nobody') },
  { name: 'ask-for-slow-tool', run: (stage, call) => stage.say(call, 'slow') },
  { name: 'ask-for-background-tool', run: (stage, call) => stage.say(call, 'background') },
  { name: 'finish-tools', run: (stage) => stage.finishTools() },
  {
    name: 'speak-over',
    run: (stage, call) => {
      const words = stage.nextWords(call, 'plain');
      call.speak(encodeWords(words));
      call.speak(silence(700));
    },
  },
  { name: 'cough', run: (_stage, call) => call.speak(encodeWords('mm-hm', 150)) },
  {
    name: 'key',
    run: (_stage, call) => call.main.queueFrame(createFrame('interruption', { by: 'key' })),
  },
  {
    name: 'activate',
    run: (stage, call, random) => {
      const agent = random.pick(['greeter', 'support', 'nobody']);
      stage.track(
        `activate ${agent}`,
        call.main.activateWorker(agent, {
          args: { messages: [{ role: 'developer', content: 'Welcome.' }] },
        }),
      );
    },
  },
  {
    name: 'deactivate',
    run: (stage, call, random) => stage.deactivate(call, random.pick(['greeter', 'support'])),
  },
  {
    name: 'unplug-agents',
    run: (stage, _call, random) => stage.unplug(stage.agents, cutMs(random)),
  },
  {
    name: 'unplug-transport',
    run: (stage, call, random) => stage.unplug(call.runner, cutMs(random)),
  },
  { name: 'hang-up', run: (stage, call) => stage.end(call) },
  { name: 'crash-agents', run: (stage) => stage.crashAgents() },
  { name: 'doubt-agents', run: (stage) => stage.doubtAgents() },
  { name: 'restart-agents', run: (stage) => stage.restartAgents() },
];
