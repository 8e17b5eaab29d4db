/** What Playwright 1.65 turns off by itself: the browser takes the last such list only, and that is ours. */
const offByPlaywright = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
];

/**
 * Pages of the browser itself, behind an address bar that nobody sees. Each window loads them anew, which took
 * a third of the processor time of all tests of the pages (Chromium 156: 90 s of it became 58 s for 24 tests).
 */
const pagesOfTheBrowser = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];

/** How every browser of the tests is started. */
export const chromiumArguments: readonly string[] = [
  '--headless',
  // Containers run as root and have no sandbox of their own to give.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  `--disable-features=${[...offByPlaywright, ...pagesOfTheBrowser].join(',')}`,
];
