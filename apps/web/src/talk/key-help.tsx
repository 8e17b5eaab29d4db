import { strings } from '@/strings';
import { Drawer } from '@/ui/drawer';

/** Opened with `?`. */
export function KeyHelp(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Drawer title={strings.keyHelp.title} description={strings.keyHelp.title} {...props}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-3">
        {strings.keyHelp.rows.map(([key, meaning]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="inline-block min-w-10 rounded-lg border border-line bg-sunken px-2.5 py-1 text-center font-mono text-sm">
                {key}
              </kbd>
            </dt>
            <dd className="text-ink-soft">{meaning}</dd>
          </div>
        ))}
      </dl>
    </Drawer>
  );
}
