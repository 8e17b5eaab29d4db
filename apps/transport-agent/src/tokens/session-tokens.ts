import { randomId, VoicebusError, type Clock } from '@voicebus/core';
import { jwtVerify, SignJWT } from 'jose';

/** Long enough to ask for the microphone, too short to be passed around. */
const joinSeconds = 60;
/** Longer than any reconnect that people wait for, and than a laptop's lunch break. */
const resumeSeconds = 3_600;
const goodForSeconds = { join: joinSeconds, resume: resumeSeconds } as const;
type Use = keyof typeof goodForSeconds;
const issuer = 'voicebus';

export interface JoinGrant {
  readonly sessionId: string;
  readonly audio: boolean;
}

/** Makes and checks the tokens that let a browser into a session. Every token is good once. */
export class SessionTokens {
  readonly #key: Uint8Array;
  readonly #clock: Clock;
  /** Used join tokens, until they would have expired anyway. */
  readonly #used = new Map<string, number>();
  /** The one resume token of each session that is good now. */
  readonly #resume = new Map<string, string>();

  constructor(secret: string, clock: Clock) {
    this.#key = new TextEncoder().encode(secret);
    this.#clock = clock;
  }

  createJoin(grant: JoinGrant): Promise<string> {
    const { sessionId, audio } = grant;
    return this.#sign('join', sessionId, { audio, jti: randomId() });
  }

  /** Throws `bad-message` for a token that is forged, expired, or was used before. */
  async useJoin(token: string): Promise<JoinGrant> {
    const { sessionId, jti, payload } = await this.#verify('join', token);
    this.#forgetExpired();
    if (this.#used.has(jti)) throw refused('This join token was used before.');
    this.#used.set(jti, this.#clock.wall() + joinSeconds * 1000);
    return { sessionId, audio: payload['audio'] === true };
  }

  /** The next resume token of the session; the one before it is void from now on. */
  async rotateResume(sessionId: string): Promise<string> {
    const jti = randomId();
    this.#resume.set(sessionId, jti);
    return this.#sign('resume', sessionId, { jti });
  }

  async useResume(token: string): Promise<string> {
    const { sessionId, jti } = await this.#verify('resume', token);
    const newest = this.#resume.get(sessionId);
    if (newest === undefined) throw new VoicebusError('session-ended', 'This call is over.');
    if (newest !== jti) throw refused('This resume token is not the newest one.');
    return sessionId;
  }

  forget(sessionId: string): void {
    this.#resume.delete(sessionId);
  }

  #sign(use: Use, sessionId: string, claims: Record<string, unknown>): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(issuer)
      .setAudience(use)
      .setSubject(sessionId)
      .setIssuedAt()
      .setExpirationTime(`${goodForSeconds[use]}s`)
      .sign(this.#key);
  }

  async #verify(
    use: Use,
    token: string,
  ): Promise<{ sessionId: string; jti: string; payload: Record<string, unknown> }> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        issuer,
        audience: use,
        algorithms: ['HS256'],
      });
      if (!payload.sub || !payload.jti) throw refused('This token lacks its session.');
      return { sessionId: payload.sub, jti: payload.jti, payload };
    } catch (thrown) {
      throw thrown instanceof VoicebusError
        ? thrown
        : refused('This token is not valid, or not any more.');
    }
  }

  #forgetExpired(): void {
    const now = this.#clock.wall();
    for (const [jti, expiresMs] of this.#used) if (expiresMs < now) this.#used.delete(jti);
  }
}

function refused(why: string): VoicebusError {
  return new VoicebusError('bad-message', why);
}
