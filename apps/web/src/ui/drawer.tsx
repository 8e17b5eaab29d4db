import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { strings } from '@/strings';
import { Button } from './button';

/** Slides in from the side; on a phone it takes the whole screen. */
export function Drawer(props: {
  title: string;
  description: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  trigger?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Dialog.Root open={props.open} onOpenChange={props.onOpenChange}>
      {props.trigger ? <Dialog.Trigger asChild>{props.trigger}</Dialog.Trigger> : null}
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-10 bg-black/25 data-[state=open]:animate-[arrive_var(--quick)]" />
        <Dialog.Content className="fixed inset-y-0 end-0 z-20 flex w-full max-w-md flex-col overflow-y-auto border-s border-line bg-surface shadow-card data-[state=open]:animate-[arrive_var(--calm)_ease-out]">
          <header className="sticky top-0 flex items-center justify-between gap-4 border-b border-line bg-surface py-2 pe-3 ps-5">
            <Dialog.Title className="text-lg font-semibold">{props.title}</Dialog.Title>
            <Dialog.Description className="sr-only">{props.description}</Dialog.Description>
            <Dialog.Close asChild>
              <Button kind="quiet" shape="icon" aria-label={strings.talk.close}>
                <X aria-hidden className="size-5" />
              </Button>
            </Dialog.Close>
          </header>
          <div className="flex flex-col gap-8 px-5 py-6">{props.children}</div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
