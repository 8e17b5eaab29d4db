import type { FailureReason, MicrophoneState } from '@voicebus/client';
import type { EndReason } from '@voicebus/protocol';
import { dashboardStrings } from './dashboard';

/** Words for one thing that went wrong: what happened, and what to do. */
interface Advice {
  readonly title: string;
  readonly next: string;
}

/**
 * Every word of both pages, the dashboard's in the file beside this one. Tests and screen readers rely on
 * the names of controls.
 */
export const strings = {
  product: 'Voicebus',
  description: 'Talk with voice agents in your browser, and watch every handoff.',
  agents: {
    greeter: { name: 'Greeter', role: 'Welcomes you and finds the right help' },
    support: { name: 'Support', role: 'Looks after orders and accounts' },
  } as Readonly<Record<string, { readonly name: string; readonly role: string }>>,
  you: 'You',

  home: {
    title: 'Say hello.',
    lead: 'Greeter answers first and brings in Support when you need it. Talk over them whenever you like.',
    why: 'Your browser will ask for the microphone, so that the agent can hear you. Nothing is sent before you start or after you end.',
  },

  talk: {
    heading: 'Your call',
    start: 'Start talking',
    typeInstead: 'Type instead',
    end: 'End call',
    mute: 'Mute',
    unmute: 'Unmute',
    pushToTalk: 'Push to talk',
    hold: 'Hold to talk',
    holding: 'Listening to you',
    message: 'Type a message',
    send: 'Send',
    microphone: 'Microphone',
    speaker: 'Speaker',
    defaultDevice: 'System default',
    unnamedDevice: (number: number) => `Device ${number}`,
    transcript: 'Transcript',
    agent: 'Agent',
    connection: 'Connection',
    details: 'Details',
    close: 'Close',
    dashboard: 'Dashboard',
    keys: 'Keys',
    suggestions: 'Suggestions',
    retry: 'Try again',
    hear: 'Turn sound on',
    autoplay: 'Your browser keeps the sound off',
    autoplayNext: 'What the agent says is written above meanwhile.',
    headset: 'The agent hears itself',
    headsetNext: 'Its voice comes back through your microphone. A headset, or less volume, helps.',
    understood: 'Got it',
    mutedSpeech: 'You are talking, but you are muted. Unmute to be heard.',
    anotherMicrophone: 'your microphone',
    empty: 'What you and the agents say appears here.',
    latest: 'Latest',
  },

  connection: {
    idle: 'Ready',
    'asking-mic': 'Asking for the microphone',
    connecting: 'Connecting',
    'waiting-for-agent': 'Waiting for an agent',
    live: 'Live',
    reconnecting: 'Reconnecting',
    ended: 'Call ended',
    failed: 'Call failed',
    slow: 'Still connecting',
  },
  slow: {
    connecting: 'This takes longer than usual. The server may be starting, or the network is slow.',
    'waiting-for-agent': 'Everything is connected, but no agent is free or ready yet.',
    reconnecting:
      'The connection is lost. What you said is kept, and we keep trying for 30 seconds.',
  },
  signallingLost: 'You can go on talking. The text catches up in a moment.',
  comeBack: {
    resume: 'Resume the call',
    left: 'Your call is still there',
    leftNext: {
      voice: 'Nobody hears you until you go on. The agent waits for about',
      text: 'The agent waits for about',
    },
    welcome: 'Welcome back. Your call goes on.',
    otherTab: 'A call runs in another tab',
    otherTabNext: 'Go on with it here, or start another one.',
    here: 'Go on here',
  },

  state: {
    listening: 'listening',
    thinking: 'thinking',
    speaking: 'speaking',
    'using-tool': (tool: string) => `using a tool: ${tool}`,
    'handing-off': (to: string) => `handing off to ${to}`,
    waiting: 'getting ready',
  },

  transcript: {
    interrupted: 'interrupted',
    handingOff: (to: string) => `Asking ${to} to join`,
    nowTalking: (to: string) => `Now talking with ${to}`,
    handoffFailed: (to: string, from: string | null) =>
      from === null
        ? `${to} did not answer in time. We are looking for somebody.`
        : `${to} did not answer in time. ${from} goes on with you.`,
    tool: {
      running: (tool: string, seconds: string) => `${tool}… ${seconds} s`,
      completed: (tool: string, seconds: string) => `${tool}, done in ${seconds} s`,
      cancelled: (tool: string) => `${tool}, cancelled`,
      error: (tool: string) => `${tool}, did not work`,
    },
    tools: {
      look_up_order: 'Checking your order',
      find_order: 'Checking your order',
      cancel_order: 'Cancelling your order',
      start_return: 'Starting your return',
      check_refund: 'Checking your refund',
      send_invoice: 'Sending your invoice',
      open_ticket: 'Writing it down for a colleague',
      offer_suggestions: 'Suggesting what you could say',
      end_call: 'Ending the call',
    } as Readonly<Record<string, string>>,
    problem: 'Something did not work for a moment. Please try again.',
    /** By the part that had it; what exactly it was stands in the details. */
    problems: {
      'text-to-speech': 'The voice does not work right now. You can read along.',
      'speech-to-text': 'Listening broke off for a moment. Please say it again, or type it.',
      'voice-activity': 'Listening does not work right now. You can type.',
    } as Readonly<Record<string, string>>,
    /** By what went wrong, where that matters more. */
    problemCodes: {
      'no-answer': 'The agent did not answer in time.',
      'no-agent': 'The agent is gone. We are looking for another one.',
    } as Readonly<Record<string, string>>,
    file: 'voicebus-call',
    heading: (started: string, length: string) => `Call of ${started}, ${length}`,
    download: 'Download transcript',
    copy: 'Copy transcript',
    copied: 'Copied',
  },

  microphone: {
    unasked: { title: 'The microphone is off', next: 'Start talking to turn it on.' },
    asking: {
      title: 'Your browser asks for the microphone',
      next: 'Choose Allow in its question, or end this and type instead.',
    },
    open: { title: 'The agent hears you', next: '' },
    muted: { title: 'You are muted', next: 'Nothing leaves this device. Press Unmute, or M.' },
    held: { title: 'Not listening', next: 'Hold the button, or T, while you talk.' },
    blocked: {
      title: 'The microphone is blocked for this page',
      // In its place stand the steps for the browser at hand.
      next: '',
    },
    'in-use': {
      title: 'Another program is using the microphone',
      next: 'Close it there, then try again, or type instead.',
    },
    'not-found': {
      title: 'No microphone was found',
      next: 'Plug one in and try again, or type instead.',
    },
    insecure: {
      title: 'The microphone needs https or localhost',
      next: 'Open this page over https, or make a tunnel on your own machine with the line below and open http://localhost:3000.',
    },
    unsupported: {
      title: 'This browser cannot use a microphone here',
      next: 'Use a current Chrome, Edge, Firefox or Safari, or type instead.',
    },
    silent: { title: 'We hear nothing', next: 'Choose another microphone below.' },
    lost: {
      title: 'The microphone was unplugged',
      next: 'Plug one in: it is used at once. The agent still talks, and you can type.',
    },
  } satisfies Record<MicrophoneState, Advice>,
  silent: (device: string) => `We hear nothing from ${device}`,
  device: {
    'microphone-replaced': (from: string, to: string) => `${from} is gone. You are heard by ${to}.`,
    'microphone-refused': (using: string) =>
      `That one did not open. You are still heard by ${using}.`,
    'speaker-gone': 'The chosen speaker is gone. You hear the agent on the system’s own one.',
  },
  blockedSteps: {
    chrome: 'Press the icon left of the address, switch Microphone to on, then try again.',
    firefox: 'Press the microphone icon left of the address, remove the block, then try again.',
    safari: 'Choose Safari › Settings for this website › Microphone › Allow, then try again.',
    other: 'Allow the microphone for this page in your browser, then try again.',
  },
  tunnel: (host: string) => `ssh -L 3000:localhost:3000 -L 3001:localhost:3001 ${host}`,

  failure: {
    unreachable: {
      title: 'The voice server does not answer',
      next: 'Check that it runs (npm start) and try again.',
    },
    'all-lines-busy': { title: 'All lines are busy', next: 'Try again in a moment.' },
    'origin-refused': {
      title: 'The voice server does not accept calls from this address',
      next: 'Whoever runs it can add this page’s address to ALLOWED_ORIGINS.',
    },
    'token-refused': {
      title: 'The invitation to this call is no longer good',
      next: 'Start a new call.',
    },
    'no-agent': {
      title: 'No agent was free to take the call',
      next: 'Try again. If it stays so, the dashboard shows which agents run.',
    },
    'timed-out': {
      title: 'The call could not be set up in time',
      next: 'Check your network and try again.',
    },
    'media-failed': {
      title: 'Sound could not be connected',
      next: 'A firewall may block it. Try again, or type instead.',
    },
    'connection-lost': {
      title: 'The connection was lost',
      next: 'Check your network, then resume the call or start a new one.',
    },
    slept: {
      title: 'The call ended while your computer slept',
      next: 'What was said is kept below. Start a new call.',
    },
    'session-gone': {
      title: 'The server no longer knows this call',
      next: 'Start a new call.',
    },
    replaced: {
      title: 'This call goes on in another tab',
      next: 'You can bring it back, or start a new call here.',
    },
    'version-mismatch': {
      title: 'This page and the server are of different versions',
      next: 'Reload the page.',
    },
    'shutting-down': { title: 'The server is restarting', next: 'Try again in a moment.' },
    'protocol-error': {
      title: 'The server and this page misunderstood each other',
      next: 'Reload the page and start a new call.',
    },
    'browser-unsupported': {
      title: 'This browser cannot make calls',
      next: 'Use a current Chrome, Edge, Firefox or Safari, or type instead.',
    },
  } satisfies Record<FailureReason, Advice>,
  lostFor: (length: string) => `The connection was lost for ${length}`,

  ended: {
    'caller-ended': 'You ended the call',
    'agent-ended': 'The agent ended the call',
    'caller-left': 'The connection was closed',
    'caller-idle': 'Nobody spoke for a while',
    'longest-call': 'The call reached its time limit',
    'operator-ended': 'The call was ended by the team',
    'shutting-down': 'The server is stopping',
    failed: 'Something failed on the server',
  } satisfies Record<EndReason, string>,
  summary: {
    title: 'Call ended',
    length: 'Length',
    turns: 'Turns',
    median: 'Median response',
    none: '–',
    again: 'Talk again',
    until: 'Until then',
  },

  offline: {
    label: 'Offline demo',
    both: 'The agents follow a small offline demo model, and speech is made on the server without a cloud voice.',
    llm: 'The agents follow a small offline demo model.',
    speech: 'Speech is recognised and made on the server without a cloud voice.',
  },

  drawer: {
    description: 'What is measured in this call',
    session: 'Session',
    clock: 'Clock uncertainty',
    vad: 'Speech detection',
    vadStates: { off: 'off', loading: 'loading', ready: 'on', failed: 'not available' },
    latency: 'Response times',
    latencyNote: 'From the end of your speech to the first sound of the answer, at your ear.',
    noLatency: 'Each answered turn adds a row here.',
    events: 'Events',
    noEvents: 'Nothing has happened yet.',
  },

  keyHelp: {
    title: 'Keys',
    rows: [
      ['M', 'Mute or unmute'],
      ['T', 'Hold to talk, with push to talk on'],
      ['Esc', 'Stop the agent'],
      ['?', 'Show the keys'],
    ],
  },

  ...dashboardStrings,
} as const;
