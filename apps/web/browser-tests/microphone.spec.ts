import { expect, startTyping, test } from './fixtures.ts';

const problems = [
  ['NotAllowedError', 'The microphone is blocked for this page'],
  ['NotReadableError', 'Another program is using the microphone'],
  ['NotFoundError', 'No microphone was found'],
] as const;

for (const [name, title] of problems) {
  test(`${name}: says "${title}", and leaves two ways on`, async ({ page, transport }) => {
    await page.addInitScript((errorName) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', errorName));
    }, name);
    await page.goto('/');
    await page.getByRole('button', { name: 'Start talking' }).click();
    const alert = page.getByRole('alert').filter({ hasText: title });
    await expect(alert.getByRole('button', { name: 'Try again' })).toBeVisible();
    await page.getByRole('button', { name: 'Type instead' }).click();
    await expect(page.getByRole('status', { name: 'Connection' })).toHaveText(
      'Waiting for an agent',
    );
    await expect(alert).toBeHidden();
    await expect.poll(() => transport.received.map(({ type }) => type)).toContain('hello');
  });
}

test('a page that is neither https nor localhost says so, with the tunnel line', async ({
  page,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'isSecureContext', { value: false });
  });
  await page.goto('/');
  await page.getByRole('button', { name: 'Start talking' }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'The microphone needs https' });
  await expect(alert).toContainText('ssh -L 3000:localhost:3000 -L 3001:localhost:3001 localhost');
  await expect(alert.getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Type instead' })).toBeVisible();
});

test('a browser without a microphone says so', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'mediaDevices', { value: undefined });
  });
  await page.goto('/');
  await page.getByRole('button', { name: 'Start talking' }).click();
  await expect(
    page.getByRole('alert').filter({ hasText: 'This browser cannot use a microphone here' }),
  ).toBeVisible();
});

const browsers = [
  [
    'Chrome',
    'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36',
    'Press the icon left of the address',
  ],
  [
    'Firefox',
    'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0',
    'Press the microphone icon left of the address',
  ],
  [
    'Safari',
    'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/27.0 Safari/605.1.15',
    'Choose Safari › Settings for this website',
  ],
] as const;

for (const [browser, userAgent, steps] of browsers) {
  test.describe(browser, () => {
    test.use({ userAgent });
    test('shows its own steps when the microphone is blocked', async ({ page }) => {
      await page.addInitScript(() => {
        navigator.mediaDevices.getUserMedia = () =>
          Promise.reject(new DOMException('no', 'NotAllowedError'));
      });
      await page.goto('/');
      await page.getByRole('button', { name: 'Start talking' }).click();
      await expect(page.getByRole('alert').filter({ hasText: 'blocked' })).toContainText(steps);
    });
  });
}

test('a question that waits for its answer is explained', async ({ page }) => {
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => new Promise(() => {});
  });
  await page.goto('/');
  await page.getByRole('button', { name: 'Start talking' }).click();
  await expect(page.getByText('Your browser asks for the microphone')).toBeVisible();
  await page.getByRole('button', { name: 'End call' }).click();
  await expect(page.getByText('Your browser asks for the microphone')).toBeHidden();
});

test('typing needs no microphone, and asks for none', async ({ page }) => {
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => {
      document.title = 'asked';
      return Promise.reject(new DOMException('no', 'NotAllowedError'));
    };
  });
  await startTyping(page);
  await expect(page).not.toHaveTitle('asked');
  await expect(page.getByRole('combobox', { name: 'Microphone' })).toBeHidden();
});
