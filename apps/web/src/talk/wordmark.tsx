import Link from 'next/link';
import { strings } from '@/strings';

/** A voice on a line. On the narrowest phones the line alone stands. */
export function Wordmark() {
  return (
    <Link
      href="/"
      aria-label={strings.product}
      className="inline-flex min-h-11 items-center gap-2.5 rounded-lg font-semibold tracking-tight"
    >
      <svg aria-hidden viewBox="0 0 28 16" className="h-4 w-7">
        <path
          d="M1 8c3 0 3-6 6-6s4 12 7 12 4-12 7-12 3 6 6 6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.2"
          strokeLinecap="round"
        />
      </svg>
      <span className="hidden min-[360px]:inline">{strings.product}</span>
    </Link>
  );
}
