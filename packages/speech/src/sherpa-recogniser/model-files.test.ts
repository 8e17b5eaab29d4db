import { basename } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { folderWith, removeFolders } from '../sherpa-package/test-folder.ts';
import { findModelFiles } from './model-files.ts';

afterEach(removeFolders);

const names = (files: object): string[] =>
  Object.values(files).map((path: unknown) => basename(String(path)));

it('takes the fast ones where the time goes, of the model with the longest context', async () => {
  const variants = ['left-64', 'left-128'].flatMap((context) =>
    ['encoder', 'decoder', 'joiner'].flatMap((network) =>
      ['.int8', ''].map((small) => `${network}-epoch-99-avg-1-chunk-16-${context}${small}.onnx`),
    ),
  );
  const folder = await folderWith('README.md', 'tokens.txt', 'bpe.model', ...variants);
  expect(names(findModelFiles(folder))).toEqual([
    'encoder-epoch-99-avg-1-chunk-16-left-128.int8.onnx',
    'decoder-epoch-99-avg-1-chunk-16-left-128.onnx',
    'joiner-epoch-99-avg-1-chunk-16-left-128.int8.onnx',
    'tokens.txt',
  ]);
});

it('takes what there is', async () => {
  const folder = await folderWith('encoder.onnx', 'decoder.int8.onnx', 'joiner.onnx', 'tokens.txt');
  expect(names(findModelFiles(folder))).toContain('decoder.int8.onnx');
});

it.each([
  [[], 'no encoder '],
  [['encoder.onnx', 'decoder.onnx'], 'no joiner '],
  [['encoder.onnx', 'decoder.onnx', 'joiner.onnx'], 'no tokens.txt'],
  [['encoder-a.onnx', 'decoder-b.onnx', 'joiner-c.onnx'], 'no complete set of encoder'],
])('says what is missing: %o', async (files, message) => {
  const folder = await folderWith(...files);
  expect(() => findModelFiles(folder)).toThrow(message);
  expect(() => findModelFiles(folder)).toThrow(`SHERPA_RECOGNISER_FOLDER names ${folder}, where`);
});

it('says that a folder is none', () => {
  expect(() => findModelFiles('/nowhere')).toThrow(/SHERPA_RECOGNISER_FOLDER names \/nowhere/);
});
