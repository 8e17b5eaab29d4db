import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

// How far to look for a free port that can be suggested.
const suggestionRange = 100;

/** The ports that `npm start` opens, with the environment variable that moves each; more for more transport agents. */
export function wantedPorts(environment, transports = 1) {
  const mediaHost = environment.MEDIASOUP_LISTEN_IP ?? '127.0.0.1';
  return [
    {
      variable: 'PORT',
      standard: 3000,
      port: readNumber(environment, 'PORT', 3000),
      count: 1,
      purpose: 'the web page',
      protocols: ['tcp'],
      hosts: ['127.0.0.1', '::'],
    },
    {
      variable: 'TRANSPORT_PORT',
      standard: 3001,
      port: readNumber(environment, 'TRANSPORT_PORT', 3001),
      count: transports,
      purpose: 'signalling',
      protocols: ['tcp'],
      hosts: ['127.0.0.1', '::'],
    },
    {
      variable: 'MEDIASOUP_PORT',
      standard: 40000,
      port: readNumber(environment, 'MEDIASOUP_PORT', 40000),
      count: transports * readNumber(environment, 'MEDIASOUP_WORKERS', 1),
      purpose: 'the calls',
      protocols: ['udp', 'tcp'],
      hosts: [mediaHost],
    },
  ];
}

function readNumber(environment, variable, standard) {
  const text = environment[variable];
  if (text === undefined) return standard;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  throw new Error(`${variable}=${text} is not a number from 1 to 65535.`);
}

/**
 * Fails, before anything is installed, when a port is taken, and says the command
 * that starts with free ones.
 */
export async function checkPorts(
  environment,
  { isFree = isPortFree, command = 'npm start', transports = 1 } = {},
) {
  const wanted = wantedPorts(environment, transports);
  const taken = new Set();
  const problems = [];
  const settings = [];
  for (const entry of wanted) {
    if (await isRangeFree(entry, entry.port, { taken, isFree })) {
      claim(taken, entry, entry.port);
      // May have been given on the command line, where it has to be given again.
      if (entry.port !== entry.standard) settings.push([entry.variable, entry.port]);
      continue;
    }
    const port = await suggest(entry, wanted, { taken, isFree });
    claim(taken, entry, port);
    problems.push(`Port ${nameRange(entry)} for ${entry.purpose} (${entry.variable}) is in use.`);
    settings.push([entry.variable, port]);
  }
  if (problems.length === 0) return;
  throw new Error(
    [...problems, `Start with free ports: ${writeCommand(settings, command)}`].join('\n'),
  );
}

function claim(taken, entry, first) {
  for (const port of range(entry, first)) taken.add(port);
}

function range({ count }, first) {
  return Array.from({ length: count }, (_, index) => first + index);
}

function nameRange({ port, count }) {
  return count === 1 ? String(port) : `${port}-${port + count - 1}`;
}

async function isRangeFree(entry, first, { taken, isFree }) {
  for (const port of range(entry, first)) {
    if (port > 65_535 || taken.has(port)) return false;
    for (const protocol of entry.protocols) {
      for (const host of entry.hosts) {
        if (!(await isFree({ protocol, host, port }))) return false;
      }
    }
  }
  return true;
}

async function suggest(entry, wanted, ground) {
  const others = new Set(wanted.filter((other) => other !== entry).map(({ port }) => port));
  for (let port = entry.port + 1; port < entry.port + suggestionRange; port += 1) {
    if (others.has(port)) continue;
    if (await isRangeFree(entry, port, ground)) return port;
  }
  throw new Error(
    `No free port for ${entry.purpose} from ${entry.port} on: set ${entry.variable} to one that is free.`,
  );
}

function writeCommand(settings, command) {
  if (process.platform === 'win32') {
    return [...settings.map(([name, port]) => `set "${name}=${port}"`), command].join(' && ');
  }
  return [...settings.map(([name, port]) => `${name}=${port}`), command].join(' ');
}

/** Tries to open the port, which also finds what a list of connections would not show. */
export function isPortFree({ protocol, host, port }) {
  return new Promise((resolve) => {
    const socket =
      protocol === 'udp' ? createSocket(host.includes(':') ? 'udp6' : 'udp4') : createServer();
    // An address that this machine does not have is for the service to report.
    socket.once('error', (error) =>
      resolve(error.code !== 'EADDRINUSE' && error.code !== 'EACCES'),
    );
    const isOpen = () => socket.close(() => resolve(true));
    if (protocol === 'udp') socket.bind({ port, address: host, exclusive: true }, isOpen);
    else socket.listen({ port, host, exclusive: true }, isOpen);
  });
}
