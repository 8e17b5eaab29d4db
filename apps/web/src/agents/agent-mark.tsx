import { cva } from 'class-variance-authority';
import { agentLook, agentStyle } from './agent-look';

const mark = cva('inline-grid shrink-0 place-items-center font-semibold select-none', {
  variants: {
    shape: {
      circle: 'rounded-full',
      square: 'rounded-[28%]',
      diamond: 'rotate-45 rounded-[22%] [&>span]:-rotate-45',
      leaf: 'rounded-tl-full rounded-br-full rounded-tr-[28%] rounded-bl-[28%]',
    },
    size: { small: 'size-6 text-xs', large: 'size-11 text-lg' },
  },
});

/** The agent's initial in its own shape and colour; decoration, the name stands beside it. */
export function AgentMark({ agent, size }: { agent: string; size: 'small' | 'large' }) {
  const look = agentLook(agent);
  return (
    <span
      aria-hidden
      style={agentStyle(agent)}
      className={`${mark({ shape: look.shape, size })} bg-agent-wash text-agent`}
    >
      <span className="after:content-[attr(data-letter)]" data-letter={look.name.charAt(0)} />
    </span>
  );
}
