import type { Intent } from './intent.ts';

const isSupport = true;

export const accountIntents: readonly Intent[] = [
  {
    name: 'password-reset',
    summary: 'need a new password',
    isSupport,
    examples: [
      'i (forgot|lost|do not know|cannot remember|have forgotten) my password',
      '(reset|change) my password',
      'i (need|want) (to reset|to change) (my|a) password',
      'i need a new password',
      'my password (does not work|is wrong|is not accepted)',
      '(how do i|can you) reset (my|the) password',
      'i (cannot|can not) (log in|sign in) (because i forgot my password|with my password)',
    ],
  },
  {
    name: 'account-locked',
    summary: 'are locked out of your account',
    isSupport,
    examples: [
      'my account (is|has been|was) (locked|blocked|suspended|disabled)',
      'i am locked out (of my account|)',
      '(unlock|unblock) my account',
      'i (cannot|can not) (get into|access|log into|sign in to|enter) my account',
      'why is my account (locked|blocked)',
      'i tried (to log in|my password) too (many times|often)',
      'it does not let me (log in|sign in|into my account)',
    ],
  },
  {
    name: 'change-email',
    summary: 'want to change your email address',
    isSupport,
    examples: [
      '(i want to|i need to|can i|how do i|please) (change|update) my (email|email address|mail address)',
      'i have a (new|different) email (address|)',
      'my email (address |)(is wrong|has changed)',
      'i no longer (use|have) (that|my old) email',
      'use (another|a different|my new) email address',
      'the email (you have|in my account) is (old|wrong)',
    ],
  },
  {
    name: 'delete-account',
    summary: 'want to delete your account',
    isSupport,
    examples: [
      '(i want to|please|how do i|can you|) (delete|close|remove|cancel) my account',
      'i (do not want|no longer want|do not need) (my|an) account (any more|)',
      'remove me from your (system|database|records)',
      'delete (everything|all data) about me',
      'erase my account',
    ],
  },
  {
    name: 'privacy',
    summary: 'have a question about privacy',
    isSupport,
    examples: [
      'what (happens|do you do) with my data',
      'do you (sell|share|keep|store) my (data|information|details)',
      'what is your privacy policy',
      'are you recording (this|me|our conversation)',
      'do you record (this|the) (call|conversation)',
      'is my (data|information) (safe|secure|private)',
      'what (data|information) do you (have|keep) about me',
      'i have a (privacy|data protection) question',
    ],
  },
];
