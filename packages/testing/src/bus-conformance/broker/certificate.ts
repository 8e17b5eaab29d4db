import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A certificate for `localhost` that only those trust who are given it, with its key. */
export class Certificate implements AsyncDisposable {
  /** As PEM: also the authority that it is to be trusted by. */
  readonly text: string;
  readonly #folder: string;

  private constructor(folder: string, text: string) {
    this.#folder = folder;
    this.text = text;
  }

  static async make(): Promise<Certificate> {
    const folder = await mkdtemp(path.join(tmpdir(), 'voicebus-certificate-'));
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-keyout', path.join(folder, 'key.pem'), '-out', path.join(folder, 'cert.pem')],
      ...['-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
    ]);
    return new Certificate(folder, await readFile(path.join(folder, 'cert.pem'), 'utf8'));
  }

  /** For the command line of `redis-server`: it speaks TLS on that port, to others of its kind, too. */
  settings(port: number): readonly string[] {
    const certificate = path.join(this.#folder, 'cert.pem');
    return [
      ...['--tls-port', String(port), '--tls-replication', 'yes', '--tls-auth-clients', 'no'],
      ...['--tls-cert-file', certificate, '--tls-key-file', path.join(this.#folder, 'key.pem')],
      ...['--tls-ca-cert-file', certificate],
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
