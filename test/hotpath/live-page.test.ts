import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { defineContract } from '../../contract/contract.ts';
import { packageFile } from '../../contract/package-root.ts';
import { livePage } from '../../hotpath/live-page.ts';
import config from '../fixtures/workshop.config.ts';

const html = readFileSync(packageFile('hotpath', 'live.html'), 'utf8');
const script = /<script>([\s\S]*)<\/script>/.exec(html)?.[1] ?? '';

/** The parts of a browser's element that the page uses before it draws. */
class Element {
  value = '';
  hidden = true;
  textContent = '';
  dataset = { units: '{}' };
  listeners: Record<string, (event: { preventDefault(): void }) => void> = {};
  addEventListener(name: string, listener: () => void) {
    this.listeners[name] = listener;
  }
  clientWidth = 360;
  checkValidity = () => true;
  drawn: Drawn[] = [];
  replaceChildren = (...children: Drawn[]) => {
    this.drawn = children;
  };
}

/** An element created by the page. */
class Drawn {
  attributes: Record<string, string> = {};
  children: (Drawn | string)[] = [];
  textContent = '';
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  setAttribute(name: string, value: unknown) {
    this.attributes[name] = String(value);
  }
  append(...children: (Drawn | string)[]) {
    this.children.push(...children);
  }
  all(): Drawn[] {
    return [this, ...this.children.flatMap(child => (typeof child === 'string' ? [] : child.all()))];
  }
}

/** The page in a browser at `url`, with an API that returns `status`, and `readings`, newest first. */
function openPage(url: string, status: (headers: Record<string, string>) => number, readings: object[] = []) {
  const asked: { url: string; headers: Record<string, string> }[] = [];
  const elements: Record<string, Element> = {};
  const elementOf = (id: string) => {
    elements[id] ??= new Element();
    return elements[id];
  };
  const kept = new Map<string, string>();
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  };
  let poll = () => {};
  const createElementNS = (_namespace: string, name: string) => new Drawn(name);
  const document = { hidden: false, getElementById: elementOf, createElementNS };
  const address = { shown: url };
  runInNewContext(script, {
    document,
    location: new URL(url),
    history: {
      replaceState: (_state: unknown, _title: string, path: string) => {
        address.shown = new URL(path, url).href;
      },
    },
    localStorage: storage,
    sessionStorage: storage,
    URLSearchParams,
    fetch: async (path: string, { headers }: { headers: Record<string, string> }) => {
      asked.push({ url: path, headers: { ...headers } });
      const answer = status(headers);
      return { status: answer, ok: answer === 200, json: async () => ({ 'device-001': readings }) };
    },
    setInterval: (draw: () => void) => {
      poll = draw;
    },
  });
  const settled = () => new Promise(resolve => setImmediate(resolve));
  const pollOnce = () => {
    poll();
    return settled();
  };
  const drawn = () => elementOf('charts').drawn.flatMap(child => child.all());
  return { asked, drawn, elementOf, document, kept, address, poll: pollOnce, settled };
}

test.each([
  ['http://127.0.0.1:4567/?device=device-001', '/datas/device-001?limit='],
  ['https://abc.execute-api.eu-central-1.amazonaws.com/main?device=device-001', '/main/datas/device-001?limit='],
  ['https://abc.execute-api.eu-central-1.amazonaws.com/main/?device=device-001', '/main/datas/device-001?limit='],
])('served at %s, the page asks %s', (url, path) => {
  expect(openPage(url, () => 200).asked).toEqual([{ url: path, headers: {} }]);
});

test('the page asks for a key if the API requires one, sends it as a header, and does not resend a refused one', async () => {
  const page = openPage('https://x.example/main/?device=device-001', headers =>
    headers['x-api-key'] === 'right' ? 200 : 403,
  );
  await page.settled();
  expect(page.elementOf('locked').hidden).toBe(false);
  expect(page.elementOf('state').textContent).toMatch(/key/);
  await page.poll();
  expect(page.asked).toHaveLength(1);
  for (const key of ['wrong', 'right']) {
    page.elementOf('key').value = key;
    page.elementOf('key').listeners.change?.({ preventDefault() {} });
    await page.settled();
    await page.poll();
  }
  expect(page.asked.map(({ headers }) => headers['x-api-key'])).toEqual([undefined, 'wrong', 'right', 'right']);
});

test('a key behind the # of the address is sent, kept for the tab, and taken out of the address', () => {
  const page = openPage('https://x.example/main/?device=device-001#key=a%2Bb', () => 200);
  expect(page.asked).toEqual([{ url: '/main/datas/device-001?limit=', headers: { 'x-api-key': 'a+b' } }]);
  expect([page.kept.get('key'), page.address.shown]).toEqual(['a+b', 'https://x.example/main/?device=device-001']);
});

test('without a key the address stays as it is', () => {
  const page = openPage('http://127.0.0.1:4567/?device=device-001#top', () => 200);
  expect([page.kept.get('key'), page.address.shown]).toEqual([
    undefined,
    'http://127.0.0.1:4567/?device=device-001#top',
  ]);
});

test('a hidden page sends no requests', async () => {
  const page = openPage('http://127.0.0.1:4567/?device=device-001', () => 200);
  page.document.hidden = true;
  await page.poll();
  expect(page.asked).toHaveLength(1);
});

test('the page gets the units of the contract, as data that cannot leave its attribute', () => {
  const columns = config.columns.map(column => ({ ...column, unit: column.name === 'humidity' ? '%' : '"><b>&$&' }));
  const told = livePage(html, defineContract({ ...config, columns }));
  const text = /data-units="([^"<]*)"><\/main>/.exec(told)?.[1] ?? '';
  const entities: Record<string, string> = { '&quot;': '"', '&lt;': '<', '&amp;': '&' };
  expect(JSON.parse(text.replace(/&\w+;/g, entity => entities[entity] ?? ''))).toEqual({
    temperature: '"><b>&$&',
    humidity: '%',
  });
});

test('a single reading between gaps is a dot, and consecutive readings are a line', async () => {
  const seconds = [0, 60, 120, 180, 181, 182, 183, 184];
  const page = openPage(
    'http://127.0.0.1:4567/?device=device-001',
    () => 200,
    seconds
      .map(second => ({
        timestamp: new Date(Date.UTC(2026, 10, 21, 12, 0, second)).toISOString(),
        temperature: second,
      }))
      .reverse(),
  );
  await page.settled();
  const lines = page
    .drawn()
    .filter(({ name }) => name === 'polyline')
    .map(({ attributes }) => attributes.points?.split(' ') ?? []);
  expect(lines.map(points => [points.length, new Set(points).size])).toEqual([
    [2, 1],
    [2, 1],
    [2, 1],
    [5, 5],
  ]);
});

test('the page loads nothing from elsewhere', () => {
  expect(html).toContain("default-src 'none'");
  expect(html.match(/(src|href)=/g)).toBeNull();
});
