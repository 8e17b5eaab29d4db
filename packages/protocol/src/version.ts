/** Version of every message that crosses a wire. A peer with another major version is refused. */
export const protocolVersion = 1;
