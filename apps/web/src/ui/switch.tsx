import { Switch as Primitive } from 'radix-ui';
import { useId } from 'react';

export function Switch(props: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <label htmlFor={id} className="inline-flex min-h-11 cursor-pointer items-center gap-2.5">
      <Primitive.Root
        id={id}
        aria-label={props.label}
        checked={props.checked}
        onCheckedChange={props.onChange}
        className="relative h-6 w-10 shrink-0 rounded-full bg-line-strong transition-colors duration-(--quick) after:absolute after:-inset-2.5 data-[state=checked]:bg-solid"
      >
        <Primitive.Thumb className="block size-4.5 translate-x-[3px] rounded-full bg-paper transition-transform duration-(--quick) data-[state=checked]:translate-x-[19px]" />
      </Primitive.Root>
      <span className="text-sm text-ink-soft">{props.label}</span>
    </label>
  );
}
