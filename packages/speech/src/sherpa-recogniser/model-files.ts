import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { settingError } from '../sherpa-package/sherpa-package.ts';

/** A streaming transducer, as sherpa-onnx publishes them; whole paths. */
export interface ModelFiles {
  readonly encoder: string;
  readonly decoder: string;
  readonly joiner: string;
  readonly tokens: string;
}

const networks = ['encoder', 'decoder', 'joiner'] as const;
type Network = (typeof networks)[number];

/** "encoder-epoch-99-avg-1-chunk-16-left-128.int8.onnx": the three of one model share what is in the middle. */
const networkFile = /^(encoder|decoder|joiner)(.*?)(\.int8)?\.onnx$/;
/** As in sherpa-onnx's own examples: where the time goes, eight bits are three times as fast. */
const isBetterSmall: Readonly<Record<Network, boolean>> = {
  encoder: true,
  decoder: false,
  joiner: true,
};

/** Finds the model in a folder, whose files are named after how it was trained. Says what is missing. */
export function findModelFiles(folder: string): ModelFiles {
  const found = existsSync(folder) ? readdirSync(folder) : [];
  const models = Map.groupBy(
    found.flatMap((name) => {
      const [, network, middle = '', small] = networkFile.exec(name) ?? [];
      return network === undefined ? [] : [{ name, network, middle, isSmall: small !== undefined }];
    }),
    ({ middle }) => middle,
  );
  // Of one model with several lengths of context the longest, which understands most.
  const byName = [...models].sort(([a], [b]) => b.localeCompare(a, 'en', { numeric: true }));
  const [files = []] = byName
    .map(([, each]) => each)
    .filter((each) => networks.every((network) => each.some((file) => file.network === network)));
  const tokens = join(folder, 'tokens.txt');
  const absent =
    files.length > 0
      ? existsSync(tokens)
        ? null
        : 'tokens.txt'
      : `${networks.find((network) => !found.some((name) => name.startsWith(network))) ?? 'complete set of encoder, decoder and joiner'} (….onnx)`;
  if (absent !== null) {
    throw settingError(
      `SHERPA_RECOGNISER_FOLDER names ${folder}, where there is no ${absent}. Unpack a streaming transducer of sherpa-onnx, such as a streaming Zipformer, and name its folder.`,
    );
  }
  const pathOf = (network: Network): string => {
    const own = files.filter((file) => file.network === network);
    const best = own.find(({ isSmall }) => isSmall === isBetterSmall[network]) ?? own[0];
    return join(folder, best?.name ?? '');
  };
  return {
    encoder: pathOf('encoder'),
    decoder: pathOf('decoder'),
    joiner: pathOf('joiner'),
    tokens,
  };
}
