// A worker may start, answer requests and still crash in the first DTLS handshake,
// which only a real WebRTC client shows. mediasoup cannot be that client for itself
// (it is ICE-lite, it never opens a connection), so this one is werift, over
// loopback. Prints "gate: passed in N ms" and ends with 0, or says what happened
// and ends with 1. The worker is the one that MEDIASOUP_WORKER_BIN names.
import { createWorker } from 'mediasoup';
import { RTCPeerConnection, RTCRtpCodecParameters } from 'werift';

// Measured: 160 ms on an idle machine.
const deadlineMs = 10_000;

const opus = { mimeType: 'audio/opus', clockRate: 48_000, channels: 2 };
const payloadType = 111;

const startedAt = performance.now();
const state = { reached: 'start the worker' };
const deadline = setTimeout(
  () => end(`no handshake within ${deadlineMs / 1000} s: could not ${state.reached}`),
  deadlineMs,
);
// An ended worker leaves its transport waiting for ever, hence no await of it here.
shakeHands().then(
  () => end(),
  (error) => end(`could not ${state.reached}: ${error.message}`),
);

function end(problem) {
  clearTimeout(deadline);
  if (problem) process.stderr.write(`gate: ${problem}\n`);
  else process.stdout.write(`gate: passed in ${Math.round(performance.now() - startedAt)} ms\n`);
  process.exit(problem ? 1 : 0);
}

async function shakeHands() {
  const worker = await createWorker({ logLevel: 'warn' });
  worker.on('died', (error) =>
    end(`the worker died where it should ${state.reached}: ${error.message}`),
  );
  state.reached = 'open a transport';
  const router = await worker.createRouter({ mediaCodecs: [{ kind: 'audio', ...opus }] });
  const transport = await router.createWebRtcTransport({
    listenInfos: [{ protocol: 'udp', ip: '127.0.0.1' }],
  });
  const dtlsConnected = new Promise((resolve, reject) => {
    transport.on('dtlsstatechange', (dtlsState) => {
      if (dtlsState === 'connected') resolve();
      if (dtlsState === 'failed') reject(new Error('the worker refused the DTLS handshake'));
    });
  });

  state.reached = 'make an offer';
  const client = new RTCPeerConnection({
    iceServers: [],
    codecs: { audio: [new RTCRtpCodecParameters({ ...opus, payloadType })] },
    iceAdditionalHostAddresses: ['127.0.0.1'],
  });
  client.addTransceiver('audio', { direction: 'sendonly' });
  await client.setLocalDescription(await client.createOffer());
  const offer = client.localDescription.sdp;
  const clientConnected = new Promise((resolve) => {
    client.connectionStateChange.subscribe((connection) => {
      if (connection === 'connected') resolve();
    });
  });

  state.reached = 'complete ICE and DTLS';
  await transport.connect({
    dtlsParameters: {
      role: 'client',
      fingerprints: [
        { algorithm: 'sha-256', value: valueOf(offer, /a=fingerprint:sha-256 (\S+)/) },
      ],
    },
  });
  const answer = describe(transport, valueOf(offer, /a=mid:(\S+)/));
  await client.setRemoteDescription({ type: 'answer', sdp: answer });
  await Promise.all([dtlsConnected, clientConnected]);
}

function valueOf(sdp, pattern) {
  const value = pattern.exec(sdp)?.[1];
  if (!value) throw new Error(`the offer has no ${pattern.source}`);
  return value;
}

function describe(transport, mid) {
  const { usernameFragment, password } = transport.iceParameters;
  const { fingerprints } = transport.dtlsParameters;
  const fingerprint = fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
  const [candidate] = transport.iceCandidates;
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=ice-lite',
    `a=group:BUNDLE ${mid}`,
    'a=msid-semantic:WMS *',
    `m=audio 9 UDP/TLS/RTP/SAVPF ${payloadType}`,
    'c=IN IP4 127.0.0.1',
    'a=rtcp-mux',
    'a=recvonly',
    `a=mid:${mid}`,
    `a=rtpmap:${payloadType} opus/48000/2`,
    'a=setup:passive',
    `a=ice-ufrag:${usernameFragment}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:sha-256 ${fingerprint.value}`,
    `a=candidate:1 1 udp ${candidate.priority} ${candidate.ip} ${candidate.port} typ host`,
    'a=end-of-candidates',
    '',
  ].join('\r\n');
}
