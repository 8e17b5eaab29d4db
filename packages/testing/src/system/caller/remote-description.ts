import { z } from 'zod';

/** What mediasoup says of one of its transports, as far as a client's SDP needs it. */
export const remoteTransportSchema = z.object({
  id: z.string(),
  iceParameters: z.object({ usernameFragment: z.string(), password: z.string() }),
  iceCandidates: z.array(
    z.object({
      protocol: z.string(),
      ip: z.string(),
      address: z.string().optional(),
      port: z.number(),
      priority: z.number(),
    }),
  ),
  dtlsParameters: z.object({
    fingerprints: z.array(z.object({ algorithm: z.string(), value: z.string() })),
  }),
});
export type RemoteTransport = z.infer<typeof remoteTransportSchema>;

export interface RemoteAudio {
  readonly mid: string;
  readonly payloadType: number;
  /** `sendonly`: the remote sends, with this ssrc. */
  readonly direction: 'sendonly' | 'recvonly';
  readonly ssrc?: number;
}

/** mediasoup speaks no SDP: what it would say to a client that does. */
export function remoteDescription(
  transport: RemoteTransport,
  audio: RemoteAudio,
  dataMid: string,
): string {
  const setup = audio.direction === 'sendonly' ? 'actpass' : 'passive';
  const { usernameFragment, password } = transport.iceParameters;
  const fingerprint = transport.dtlsParameters.fingerprints.find(
    ({ algorithm }) => algorithm === 'sha-256',
  );
  if (!fingerprint) throw new Error('mediasoup gave no SHA-256 fingerprint.');
  const candidates = transport.iceCandidates
    .filter(({ protocol }) => protocol === 'udp')
    .map(
      ({ priority, ip, address, port }) =>
        `a=candidate:1 1 udp ${priority} ${address ?? ip} ${port} typ host`,
    );
  const path = [
    'c=IN IP4 127.0.0.1',
    `a=ice-ufrag:${usernameFragment}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:sha-256 ${fingerprint.value}`,
    `a=setup:${setup}`,
    ...candidates,
    'a=end-of-candidates',
  ];
  const stream =
    audio.ssrc === undefined
      ? []
      : [
          'a=msid:bot bot',
          `a=ssrc:${audio.ssrc} cname:voicebus`,
          `a=ssrc:${audio.ssrc} msid:bot bot`,
        ];
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=ice-lite',
    `a=group:BUNDLE ${audio.mid} ${dataMid}`,
    'a=msid-semantic:WMS *',
    `m=audio 9 UDP/TLS/RTP/SAVPF ${audio.payloadType}`,
    ...path,
    'a=rtcp-mux',
    `a=${audio.direction}`,
    `a=mid:${audio.mid}`,
    `a=rtpmap:${audio.payloadType} opus/48000/2`,
    ...stream,
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    ...path,
    `a=mid:${dataMid}`,
    'a=sctp-port:5000',
    'a=max-message-size:262144',
    '',
  ].join('\r\n');
}

export function valueOf(sdp: string, pattern: RegExp): string {
  const value = pattern.exec(sdp)?.[1];
  if (!value) throw new Error(`The local description has no ${pattern.source}.`);
  return value;
}
