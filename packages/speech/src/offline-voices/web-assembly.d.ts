/** The part of WebAssembly that is used here: TypeScript has its types only beside the browser's. */
declare namespace WebAssembly {
  class Module {}

  class Instance {
    constructor(
      module: Module,
      imports: Readonly<
        Record<string, Readonly<Record<string, (...values: never[]) => number | bigint | void>>>
      >,
    );
    readonly exports: Readonly<Record<string, unknown>>;
  }

  class Memory {
    readonly buffer: ArrayBuffer;
  }

  function compile(bytes: Uint8Array): Promise<Module>;
}
