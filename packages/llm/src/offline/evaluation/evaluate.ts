import { allIntents } from '../intents/all-intents.ts';
import { IntentClassifier } from '../understanding/intent-classifier.ts';
import { judge } from '../understanding/judgement.ts';
import { paraphrases } from './paraphrases.ts';

/**
 * `pnpm --filter @voicebus/llm evaluate [--json] [--misses]`: how many unseen paraphrases are
 * understood. "Asked" are those where the model asks "Did you say …?" about the right intent.
 */
interface Row {
  readonly intent: string;
  readonly total: number;
  readonly right: number;
  readonly asked: number;
  readonly missed: readonly string[];
}

const classifier = new IntentClassifier(allIntents);

function evaluate(intent: string, sentences: readonly string[]): Row {
  let right = 0;
  let asked = 0;
  const missed: string[] = [];
  for (const sentence of sentences) {
    const judgement = judge(classifier.classify(sentence));
    const name = judgement.type === 'nothing' ? 'none' : judgement.intent.name;
    if (intent === 'none' && judgement.type !== 'sure') right += 1;
    else if (name !== intent) missed.push(`${sentence} → ${name}`);
    else if (judgement.type === 'unsure') asked += 1;
    else right += 1;
  }
  return { intent, total: sentences.length, right, asked, missed };
}

const rows = Object.entries(paraphrases).map(([intent, sentences]) => evaluate(intent, sentences));
const sum = (value: (row: Row) => number): number => rows.reduce((all, row) => all + value(row), 0);
const total = sum((row) => row.total);
const right = sum((row) => row.right);
const asked = sum((row) => row.asked);
const share = (count: number): string => `${((100 * count) / total).toFixed(1)} %`;

if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ total, right, asked, rows }, null, 2)}\n`);
} else {
  for (const row of rows) {
    const marks = row.asked > 0 ? `, ${row.asked} asked` : '';
    process.stdout.write(`${row.intent.padEnd(24)} ${row.right}/${row.total}${marks}\n`);
    if (process.argv.includes('--misses'))
      for (const miss of row.missed) process.stdout.write(`    ${miss}\n`);
  }
  process.stdout.write(`\n${total} unseen paraphrases: understood at once ${share(right)}, `);
  process.stdout.write(`with a question back ${share(right + asked)}\n`);
}
