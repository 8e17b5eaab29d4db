/* oxlint-disable max-params -- these signatures are WASI's. */
/**
 * Runs a WASI command that writes one file, wholly in memory: what people are told never reaches a
 * disk, there is no folder to clean up, and Node's own (experimental) WASI is not needed. Only the
 * thirteen functions that flite imports exist.
 */
const success = 0;
const badDescriptor = 8;
const firstFree = 4;
const rootDescriptor = 3;
const root = '/';

/** Thrown by `proc_exit`, because a command does not return from it. */
class Exit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

export interface CommandResult {
  /** The bytes that the command wrote to the file it opened. */
  readonly file: Uint8Array;
  readonly printed: string;
}

export function runCommandModule(
  module: WebAssembly.Module,
  args: readonly string[],
): CommandResult {
  const file = new MemoryFile();
  let messages = '';
  const encoded = args.map((arg) => new TextEncoder().encode(`${arg}\0`));
  const instance = new WebAssembly.Instance(module, {
    wasi_snapshot_preview1: {
      args_sizes_get(count: number, size: number): number {
        view().setUint32(count, args.length, true);
        view().setUint32(
          size,
          encoded.reduce((sum, bytes) => sum + bytes.length, 0),
          true,
        );
        return success;
      },
      args_get(pointers: number, buffer: number): number {
        let at = buffer;
        encoded.forEach((bytes, index) => {
          view().setUint32(pointers + index * 4, at, true);
          new Uint8Array(memory().buffer).set(bytes, at);
          at += bytes.length;
        });
        return success;
      },
      clock_time_get(_clock: number, _precision: bigint, result: number): number {
        view().setBigUint64(result, BigInt(Date.now()) * 1_000_000n, true);
        return success;
      },
      fd_prestat_get(descriptor: number, result: number): number {
        if (descriptor !== rootDescriptor) return badDescriptor;
        view().setUint32(result, 0, true);
        view().setUint32(result + 4, root.length, true);
        return success;
      },
      fd_prestat_dir_name(_descriptor: number, result: number, length: number): number {
        const bytes = new TextEncoder().encode(root).subarray(0, length);
        new Uint8Array(memory().buffer).set(bytes, result);
        return success;
      },
      fd_fdstat_get(descriptor: number, result: number): number {
        const type = descriptor === rootDescriptor ? 3 : 4;
        view().setUint8(result, type);
        view().setUint8(result + 1, 0);
        view().setUint16(result + 2, 0, true);
        view().setBigUint64(result + 8, 0xffff_ffff_ffff_ffffn, true);
        view().setBigUint64(result + 16, 0xffff_ffff_ffff_ffffn, true);
        return success;
      },
      fd_fdstat_set_flags: () => success,
      path_open(...values: (number | bigint)[]): number {
        view().setUint32(Number(values[8]), firstFree, true);
        return success;
      },
      fd_close: () => success,
      fd_read(_descriptor: number, _vectors: number, _count: number, result: number): number {
        view().setUint32(result, 0, true);
        return success;
      },
      fd_seek(descriptor: number, offset: bigint, whence: number, result: number): number {
        if (descriptor < firstFree) return badDescriptor;
        view().setBigUint64(result, BigInt(file.seek(Number(offset), whence)), true);
        return success;
      },
      fd_write(descriptor: number, vectors: number, count: number, result: number): number {
        let written = 0;
        for (let index = 0; index < count; index += 1) {
          const start = view().getUint32(vectors + index * 8, true);
          const length = view().getUint32(vectors + index * 8 + 4, true);
          const bytes = new Uint8Array(memory().buffer, start, length);
          if (descriptor >= firstFree) file.write(bytes);
          else messages += new TextDecoder().decode(bytes);
          written += length;
        }
        view().setUint32(result, written, true);
        return success;
      },
      proc_exit(code: number): never {
        throw new Exit(code);
      },
    },
  });
  const memory = (): WebAssembly.Memory => {
    const exported = instance.exports['memory'];
    if (!(exported instanceof WebAssembly.Memory)) throw new TypeError('the module has no memory');
    return exported;
  };
  const view = (): DataView => new DataView(memory().buffer);
  start(instance, () => messages);
  return { file: file.bytes(), printed: messages };
}

function start(instance: WebAssembly.Instance, messages: () => string): void {
  const entry = instance.exports['_start'];
  if (typeof entry !== 'function') throw new TypeError('the module is not a command');
  try {
    entry();
  } catch (thrown) {
    if (!(thrown instanceof Exit)) throw thrown;
    if (thrown.code !== 0) {
      throw new Error(`exit ${thrown.code}: ${messages().slice(0, 200)}`, { cause: thrown });
    }
  }
}

class MemoryFile {
  #content = new Uint8Array(65_536);
  #position = 0;
  #size = 0;

  write(bytes: Uint8Array): void {
    const end = this.#position + bytes.length;
    if (end > this.#content.length) {
      const larger = new Uint8Array(Math.max(end, this.#content.length * 2));
      larger.set(this.#content);
      this.#content = larger;
    }
    this.#content.set(bytes, this.#position);
    this.#position = end;
    this.#size = Math.max(this.#size, end);
  }

  /** The new position; `whence` is 0 from the start, 1 from here, 2 from the end. */
  seek(offset: number, whence: number): number {
    const base = [0, this.#position, this.#size][whence] ?? 0;
    this.#position = Math.max(0, base + offset);
    return this.#position;
  }

  bytes(): Uint8Array {
    return this.#content.slice(0, this.#size);
  }
}
