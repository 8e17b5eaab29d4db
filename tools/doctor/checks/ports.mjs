import { isPortFree, wantedPorts } from '../../bootstrap/ports.mjs';
import { ok, todo } from '../findings.mjs';

const askTimeoutMs = 2000;

export const ports = {
  name: 'ports',
  run: async ({ environment }) => {
    const entries = wantedPorts(environment);
    const ours = await findOurs(entries);
    return Promise.all(entries.map(async (entry) => judgePort(entry, await stateOf(entry, ours))));
  },
};

export function judgePort({ variable, port, count, purpose }, state) {
  const range = count === 1 ? String(port) : `${port}-${port + count - 1}`;
  if (state === 'free') return ok(`${range} for ${purpose} is free`);
  if (state === 'ours') return ok(`${range} for ${purpose} is in use by Voicebus itself`);
  return todo(
    `${range} for ${purpose} is in use by another program: set ${variable} to a free one`,
  );
}

/** The media port answers nothing that could be asked: it is ours where signalling is. */
async function findOurs(entries) {
  const portOf = (name) => entries.find(({ variable }) => variable === name)?.port;
  const [page, signalling] = await Promise.all([
    answers(`http://127.0.0.1:${portOf('PORT')}/api/config`, 'transportUrls'),
    answers(`http://127.0.0.1:${portOf('TRANSPORT_PORT')}/metrics`, 'voicebus_sessions'),
  ]);
  return { PORT: page, TRANSPORT_PORT: signalling, MEDIASOUP_PORT: signalling };
}

async function answers(url, mark) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(askTimeoutMs) });
    return (await response.text()).includes(mark);
  } catch {
    return false;
  }
}

async function stateOf({ variable, port, count, protocols, hosts }, ours) {
  for (let offset = 0; offset < count; offset += 1) {
    for (const protocol of protocols) {
      for (const host of hosts) {
        if (await isPortFree({ protocol, host, port: port + offset })) continue;
        return ours[variable] ? 'ours' : 'taken';
      }
    }
  }
  return 'free';
}
