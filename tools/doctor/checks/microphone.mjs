import { isLoopbackHost } from '../addresses.mjs';
import { ok, todo } from '../findings.mjs';

export const microphone = {
  name: 'microphone',
  run: ({ settings: read, environment }) => {
    if (!('settings' in read)) return [];
    const { allowedOrigins, publicUrl } = read.settings;
    const listed = environment.TRANSPORT_URLS?.split(',').map((url) => url.trim());
    const transportUrls = listed?.filter(Boolean) ?? (publicUrl === null ? [] : [publicUrl]);
    return judgeMicrophone({ allowedOrigins, transportUrls });
  },
};

/** Browsers open a microphone on https and on localhost only, and let no https page talk to http. */
export function judgeMicrophone({ allowedOrigins, transportUrls }) {
  const pages = parse(allowedOrigins);
  const insecure = pages.filter(
    (page) => page.protocol !== 'https:' && !isLoopbackHost(page.hostname),
  );
  const findings = insecure.map(({ origin }) =>
    todo(`no browser opens a microphone on ${origin}: serve that page by https`),
  );
  const isHttps = pages.some(({ protocol }) => protocol === 'https:');
  const blocked = parse(transportUrls).filter(
    ({ protocol, hostname }) => protocol === 'http:' && !isLoopbackHost(hostname),
  );
  if (isHttps)
    for (const { origin } of blocked)
      findings.push(
        todo(`an https page may not talk to ${origin}: put https before the transport agent`),
      );
  return findings.length > 0 ? findings : [ok('every page is https or on this machine')];
}

function parse(urls) {
  return urls.filter((url) => URL.canParse(url)).map((url) => new URL(url));
}
