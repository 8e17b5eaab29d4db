export { dialogueSentences } from './offline/corpus.ts';
export { demoShopTools } from './offline/demo-shop/demo-shop-tools.ts';
export type { DemoShopTool } from './offline/demo-shop/demo-shop-tools.ts';
export { OfflineDialogueModel, offlineModelLabel } from './offline/offline-dialogue-model.ts';
