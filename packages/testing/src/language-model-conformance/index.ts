export * from './describe-language-model.ts';
export * from './language-model-under-test.ts';
