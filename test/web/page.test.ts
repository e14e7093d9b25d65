// The page in a real browser, over a real index: it searches, shows, and keeps the rules of accessibility.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { cleanUp, documents, indexed, pictures } from '../library/collection.ts';
import { serving } from '../server/serving.ts';

const CHROMIUM = [process.env.CHROMIUM_PATH ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const withBrowser = CHROMIUM === undefined ? describe.skip : describe;

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

withBrowser('the page (needs chromium)', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serving>>;
  let picture: string;

  beforeAll(async () => {
    const world = await pictures(6, documents(6));
    await (await indexed(world)).close();
    server = await serving(world);
    const hits = (await server.post('/api/v1/query', { text: 'flour', k: 1 })).json().hits;
    expect(hits).toHaveLength(1);
    picture = (await server.anyPicture()).path;
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await cleanUp();
  });

  /** Opens an address of the page; whatever the console or a request complains of fails the test. */
  async function withPage(hash: string, use: (page: Page) => Promise<void>, options: BrowserContextOptions = {}) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${server.address}${hash}`);
    await use(page);
    await context.close();
    expect(complaints).toEqual([]);
  }

  /** Serious findings of axe; it is run past the page's own policy, as a debugger is. */
  async function findings(page: Page): Promise<string[]> {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(): Promise<{ violations: Finding[] }> } }).axe.run(),
    );
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  }

  it('finds documents by words, with what they share', () =>
    withPage('', async (page) => {
      await page.locator('input[type=search], .ask-words input').first().fill('flour');
      await page.keyboard.press('Enter');
      await page.locator('mark').first().waitFor();
      expect(await page.locator('mark').first().textContent()).toMatch(/flour/i);
      expect(page.url()).toContain('q=flour');
      expect(await findings(page)).toEqual([]);
    }));

  it('finds a picture that was chosen, and shows a hit beside it', () =>
    withPage('', async (page) => {
      await page.setInputFiles('input[type=file]', picture);
      const hits = page.locator('main li');
      await hits.first().waitFor();
      expect(await hits.first().textContent()).toContain('1.00');
      await hits.nth(1).locator('button, a').first().click();
      await page.locator('dialog[open] img').nth(1).waitFor();
      await page.locator('dialog[open] .reasons').getByText('phash').first().waitFor();
      expect(await findings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.locator('dialog[open]').waitFor({ state: 'detached' });
    }));

  it('tells what is indexed', () =>
    withPage('#/status', async (page) => {
      await page.getByText('phash').first().waitFor();
      expect(await findings(page)).toEqual([]);
    }));

  it.each([
    ['a phone in the dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' as const }],
    ['a wide screen', { viewport: { width: 1920, height: 1080 } }],
    ['Chinese', { locale: 'zh-CN' }],
  ])('fits %s', async (_, options) => {
    await withPage(
      '#/search?q=flour',
      async (page) => {
        await page.locator('mark').first().waitFor();
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
        expect(await findings(page)).toEqual([]);
      },
      options,
    );
  });
});
