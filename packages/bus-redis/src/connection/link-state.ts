/** The connections that a process needs to be in touch with the others. */
export type LinkPart = 'append' | 'inbox' | 'notes';

const parts: readonly LinkPart[] = ['append', 'inbox', 'notes'];

/** Up while every part is. */
export class LinkState {
  readonly #up = new Set<LinkPart>();
  readonly #onChange: (up: boolean) => void;

  constructor(onChange: (up: boolean) => void) {
    this.#onChange = onChange;
  }

  get isUp(): boolean {
    return this.#up.size === parts.length;
  }

  /** Which parts are missing, for a message to people. */
  get missing(): readonly LinkPart[] {
    return parts.filter((part) => !this.#up.has(part));
  }

  set(part: LinkPart, isUp: boolean): void {
    const wasUp = this.isUp;
    if (isUp) this.#up.add(part);
    else this.#up.delete(part);
    if (this.isUp !== wasUp) this.#onChange(this.isUp);
  }
}
