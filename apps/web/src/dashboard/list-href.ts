import { type SessionsFilter, sessionsFilters } from '@voicebus/session-view';

const parameter = 'sessions';

/** The address of a list: it can be shared, and the browser's own back button undoes it. */
export function listHref({ sessions }: { readonly sessions: SessionsFilter }): string {
  return `/dashboard${sessions === 'all' ? '' : `?${parameter}=${sessions}`}#sessions`;
}

/** What an address asks for; all of them for one that we do not know. */
export function filterOf(address: { get(name: string): string | null }): SessionsFilter {
  const asked = address.get(parameter);
  return sessionsFilters.find((filter) => filter === asked) ?? 'all';
}
