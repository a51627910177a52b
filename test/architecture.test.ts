import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PRODUCT = ['contract', 'device', 'transform', 'hotpath', 'lake', 'queries', 'reports', 'infra', 'cli'];
const FOLDERS = [...PRODUCT, 'bench', 'test'];

/**
 * What each room may import from this repository, besides itself: whole rooms, or single files without their extension.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  contract: [],
  device: ['contract', 'lake/split', 'lake/object-format', 'lake/damaged-file'],
  transform: ['contract'],
  hotpath: ['contract'],
  lake: ['contract', 'transform/clean'],
  queries: ['contract'],
  reports: ['contract', 'queries', 'lake/objects'],
  'infra/emulator': [],
  'infra/settings.ts': ['contract', 'infra/aws/published-deployment'],
  'infra/local': ['contract', 'device', 'transform', 'hotpath', 'lake', 'queries', 'infra/emulator', 'infra/settings'],
  'infra/aws': ['contract', 'queries/saved-queries', 'infra/settings'],
  'infra/aws/handlers': [
    ...['contract', 'transform', 'hotpath', 'lake', 'queries', 'reports'],
    ...['infra/settings', 'infra/aws/published-contract', 'infra/aws/published-deployment'],
  ],
  cli: [
    ...PRODUCT.filter(folder => folder !== 'infra'),
    ...['infra/settings', 'infra/local', 'infra/emulator/index', 'infra/aws/published-deployment'],
  ],
  'index.ts': ['contract/config'],
  'lake.config.ts': [],
  'vitest.config.ts': [],
  bench: [...PRODUCT, 'test/fixtures/workshop.config'],
  test: [...FOLDERS, 'lake.config', 'vitest.config', 'examples'],
};

/**
 * The emulator's folders, lowest first: each imports only from the lines above its own, and `trino-sql` imports nothing
 * else.
 */
const EMULATOR_FLOORS: readonly (readonly string[])[] = [
  ['.'],
  ['trino-sql/syntax'],
  ['trino-sql/types'],
  ['trino-sql/functions'],
  ['trino-sql/bind'],
  ['trino-sql/emit'],
  ['disk', 'wire'],
  ['glue'],
  ['streams', 'services'],
  ['s3'],
  ['athena/language'],
  ['athena/catalog'],
  ['athena/read'],
  ['athena/statements'],
  ['athena/api'],
];

/** What is above the emulator's layers: its entry and its command. The other files next to them are its base layer. */
const EMULATOR_ENTRY = ['index.ts', 'start-emulator.ts', 'command.ts'].map(name => `infra/emulator/${name}`);

/** Folders of `test/` that match no folder of the tree: recorded SQL, long runs, and shared test code. */
const TEST_ROOMS = ['athena-sql', 'conformance', 'crash', 'drills', 'edges', 'fixtures'];

interface Import {
  /** The specifier as written. */
  specifier: string;
  /** The imported path, from the root, with slashes; undefined for a package. */
  file: string | undefined;
  typeOnly: boolean;
}

interface Source {
  file: string;
  text: string;
  imports: Import[];
}

const STATEMENT =
  /^\s*(?:import|export)\s+(type\s)?(?:[\w$*{}\s,]*?\sfrom\s*)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/gm;

function sources(): Source[] {
  const inFolders = FOLDERS.flatMap(folder => {
    const entries = readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' });
    return entries.map(entry => `${folder}/${entry.replaceAll(path.sep, '/')}`);
  });
  return [...readdirSync(ROOT), ...inFolders]
    .filter(file => file.endsWith('.ts') && !/(^|\/)(node_modules|dist)\//.test(file))
    .sort()
    .map(file => {
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      return { file, text, imports: importsOf(file, text) };
    });
}

function importsOf(file: string, text: string): Import[] {
  return [...text.matchAll(STATEMENT)].map(([, type, specifier = '', dynamic]) => {
    const wanted = dynamic ?? specifier;
    const leads = wanted.startsWith('.') ? path.posix.join(path.posix.dirname(file), wanted) : undefined;
    return { specifier: wanted, file: leads, typeOnly: type !== undefined };
  });
}

function room(file: string): string {
  const [first = '', second = ''] = file.split('/');
  if (file.startsWith('infra/aws/handlers/')) return 'infra/aws/handlers';
  return first === 'infra' ? `infra/${second}` : first;
}

/** The source without its comments, so that prose is not mistaken for code. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

const everything = sources();
/** Product code and its configuration. */
const all = everything.filter(({ file }) => !file.startsWith('test/') && !file.startsWith('bench/'));

function offences(pattern: RegExp, allowed: (file: string) => boolean = () => false): string[] {
  return all
    .filter(({ file }) => !allowed(file))
    .flatMap(({ file, text }) =>
      code(text)
        .split('\n')
        .filter(line => pattern.test(line))
        .map(line => `${file}: ${line.trim()}`),
    );
}

test('the import reader recognizes every form of import', () => {
  const text = [
    "import './a.ts';",
    "import b from '../b.ts';",
    'import {\n  c,\n  type d,\n} from "./c.ts";',
    "import type { e } from './e.ts';",
    "export * from './f.ts';",
    "const g = await import('./g.ts');",
    "import h, * as i from 'pack/h';",
    "const notOne = `SELECT x FROM './z.ts'`;",
  ].join('\n');
  expect(importsOf('room/x.ts', text).map(({ specifier }) => specifier)).toEqual([
    ...['./a.ts', '../b.ts', './c.ts', './e.ts', './f.ts', './g.ts', 'pack/h'],
  ]);
  expect(importsOf('room/x.ts', text)[1]?.file).toBe('b.ts');
  expect(all.length).toBeGreaterThan(20);
});

function roomOffences(files: readonly Pick<Source, 'file' | 'imports'>[]): string[] {
  return files.flatMap(({ file, imports }) => {
    const own = room(file);
    const allowed = MAY_IMPORT[own];
    if (allowed === undefined) return [`${file}: test/architecture.test.ts does not know the room ${own}`];
    return imports
      .flatMap(({ file: to }) => (to === undefined || room(to) === own ? [] : [to]))
      .filter(to => !allowed.some(place => to === `${place}.ts` || to.startsWith(`${place}/`)))
      .map(to => `${file} imports ${to}; ${own} may import ${allowed.join(', ') || 'nothing of ours'}`);
  });
}

test('rooms import only what is upstream of them', () => {
  expect(roomOffences(everything)).toEqual([]);
});

const EMULATOR = 'infra/emulator/';

function emulatorFloor(file: string): number {
  const folder = path.posix.dirname(file.slice(EMULATOR.length));
  return EMULATOR_FLOORS.findIndex(floor => floor.some(name => folder === name || folder.startsWith(`${name}/`)));
}

function emulatorFolder(file: string): string | undefined {
  return EMULATOR_FLOORS[emulatorFloor(file)]?.find(name => `${file}/`.startsWith(`${EMULATOR}${name}/`));
}

function floorOffences(files: readonly Pick<Source, 'file' | 'imports'>[]): string[] {
  return files
    .filter(({ file }) => file.startsWith(EMULATOR) && !EMULATOR_ENTRY.includes(file))
    .flatMap(({ file, imports }) => {
      if (emulatorFloor(file) === -1) return [`${file}: test/architecture.test.ts does not know its folder`];
      const own = file.startsWith(`${EMULATOR}trino-sql/`);
      return imports
        .flatMap(({ file: to }) => (to?.startsWith(EMULATOR) ? [to] : []))
        .filter(to => emulatorFolder(to) !== emulatorFolder(file))
        .filter(to => emulatorFloor(to) >= emulatorFloor(file) || (own && !to.startsWith(`${EMULATOR}trino-sql/`)))
        .map(to => `${file} imports ${to}, which is not on a lower floor`);
    });
}

test("the emulator's folders import only from lower floors, and trino-sql only from itself", () => {
  expect(floorOffences(everything)).toEqual([]);
});

/** A source with one import added. */
function planted(file: string, to: string): Pick<Source, 'file' | 'imports'>[] {
  return [{ file, imports: [{ specifier: './planted.ts', file: to, typeOnly: true }] }];
}

test.each([
  ['the emulator', 'infra/emulator/s3/store.ts', 'contract/time.ts'],
  ['a command, past the index', 'cli/commands/query/query.ts', 'infra/emulator/s3/store.ts'],
  ['a room downstream', 'lake/objects.ts', 'reports/page.ts'],
  ['the wiring', 'infra/aws/app.ts', 'infra/local/stack.ts'],
  ['a benchmark', 'bench/bench.ts', 'test/temporary-folder.ts'],
  ['the product', 'device/run.ts', 'bench/bench.ts'],
])('an import from outside the allowed rooms is found: %s', (_, from, to) => {
  expect(roomOffences(planted(from, to))).toHaveLength(1);
});

test.each([
  ['up a floor', 'infra/emulator/glue/glue.ts', 'infra/emulator/s3/store.ts'],
  ['along a floor', 'infra/emulator/streams/kinesis.ts', 'infra/emulator/services/sts.ts'],
  ['out of trino-sql', 'infra/emulator/trino-sql/emit/translate.ts', 'infra/emulator/user-error.ts'],
  ['up inside trino-sql', 'infra/emulator/trino-sql/types/trino-type.ts', 'infra/emulator/trino-sql/emit/query.ts'],
  ['up inside athena', 'infra/emulator/athena/read/engine.ts', 'infra/emulator/athena/api/athena.ts'],
])('an import that goes %s in the emulator is found', (_, from, to) => {
  expect(floorOffences(planted(from, to))).toHaveLength(1);
});

/** A function's entry in infra/aws/handlers is named like the function, and so may be the code that it calls. */
const SAME_NAMES = ['api.ts', 'consume.ts', 'report.ts'];

test('no two files of a workspace have the same name', () => {
  const named = (isOwn: (file: string) => boolean) =>
    everything
      .filter(({ file }) => !file.startsWith('test/') && isOwn(file))
      .map(({ file }) => path.posix.basename(file));
  for (const names of [named(file => file.startsWith(EMULATOR)), named(file => !file.startsWith(EMULATOR))])
    expect(names.filter((name, index) => names.indexOf(name) !== index && !SAME_NAMES.includes(name))).toEqual([]);
});

test('the folders of test/ match those of the tree', () => {
  const folders = new Set(everything.map(({ file }) => path.posix.dirname(file)));
  const wrong = [...folders]
    .filter(folder => folder.startsWith('test/') && !TEST_ROOMS.includes(folder.split('/')[1] ?? ''))
    .filter(folder => !existsSync(path.join(ROOT, folder.slice('test/'.length))));
  expect(wrong).toEqual([]);
});

test('every relative import names an existing file, with its extension', () => {
  const wrong = all.flatMap(({ file, imports }) =>
    imports
      .filter(({ file: to }) => to !== undefined && !(to.endsWith('.ts') && existsSync(path.join(ROOT, to))))
      .map(({ specifier }) => `${file} imports ${specifier}`),
  );
  expect(wrong).toEqual([]);
});

test('there are no import cycles', () => {
  const importsOfFile = new Map(all.map(({ file, imports }) => [file, imports.flatMap(({ file: to }) => to ?? [])]));
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: string[]): void => {
    const seenAt = trail.indexOf(file);
    if (seenAt !== -1) {
      circles.push([...trail.slice(seenAt), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const to of importsOfFile.get(file) ?? []) visit(to, [...trail, file]);
    done.add(file);
  };
  for (const { file } of all) visit(file, []);
  expect(circles).toEqual([]);
});

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Manifest;

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/**
 * Deployment code runs from a checkout; a function's own code is bundled from the packages that are installed anyway.
 */
const DEPLOYING = ['aws-cdk-lib', 'constructs', 'esbuild'];

test('product code imports packages that are installed with it, and only types of the others', () => {
  // The module with the deployment's contract is created when a handler is bundled.
  const ownNames = ['sluice', 'sluice-config'];
  const wrong = all
    .filter(({ file }) => file !== 'vitest.config.ts')
    .flatMap(({ file, imports }) =>
      imports
        .filter(({ specifier, file: to }) => to === undefined && !specifier.startsWith('node:'))
        .filter(({ specifier, typeOnly }) => {
          const name = packageName(specifier);
          if (ownNames.includes(name) || name in manifest.dependencies) return false;
          if (room(file) === 'infra/aws' && DEPLOYING.includes(name)) return false;
          return !(typeOnly && (name in manifest.devDependencies || `@types/${name}` in manifest.devDependencies));
        })
        .map(({ specifier }) => `${file} imports ${specifier}`),
    );
  expect(wrong).toEqual([]);
});

test('Node modules are imported with the node: prefix', () => {
  const wrong = all.flatMap(({ file, imports }) =>
    imports
      .filter(({ specifier }) => builtinModules.includes(specifier))
      .map(({ specifier }) => `${file}: ${specifier}`),
  );
  expect(wrong).toEqual([]);
});

test('every dependency has a fixed version, and a line in docs/dependencies.md', () => {
  const documented = readFileSync(path.join(ROOT, 'docs/dependencies.md'), 'utf8');
  const named = [...documented.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
  expect(Object.keys(wanted).filter(name => !named.includes(name))).toEqual([]);
  expect(named.filter(name => !(String(name) in wanted))).toEqual([]);
  expect(Object.entries(wanted).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

test("the emulator's package lists the same versions as the root, and exactly what it imports", () => {
  const emulator = JSON.parse(readFileSync(path.join(ROOT, EMULATOR, 'package.json'), 'utf8')) as Manifest;
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(emulator).toMatchObject({ version });
  expect(manifest.dependencies).toMatchObject(emulator.dependencies);
  const imported = everything
    .filter(({ file }) => file.startsWith(EMULATOR))
    .flatMap(({ imports }) => imports.filter(({ file: to, typeOnly }) => to === undefined && !typeOnly))
    .map(({ specifier }) => packageName(specifier))
    .filter(name => !name.startsWith('node:'));
  expect([...new Set(imported)].sort()).toEqual(Object.keys(emulator.dependencies).sort());
});

test('no type is any', () => {
  expect(offences(/(:|<|\bas|\||&|=>)\s*any\b|\bany\[\]|,\s*any>/)).toEqual([]);
});

test('only configs, and declarations of untyped packages, have a default export', () => {
  expect(offences(/^\s*export default\b/, file => file.endsWith('.config.ts') || file.endsWith('.d.ts'))).toEqual([]);
});

test('only infra/settings.ts reads the environment; a child process may get all of it', () => {
  const reads = offences(/\bprocess\.env\b/, file => file === 'infra/settings.ts');
  expect(reads.filter(line => !/env: (\{ \.\.\.)?process\.env\b(?!\.)/.test(line))).toEqual([]);
});

test('no socket is open to other machines', () => {
  expect(offences(/0\.0\.0\.0|['"`]::['"`]/)).toEqual([]);
  // A server that gets only a port listens on all interfaces.
  expect(offences(/\.listen\(/).filter(line => !line.includes('127.0.0.1'))).toEqual([]);
});

test('no file contains a path of one machine', () => {
  expect(offences(/['"`](\/home\/|\/Users\/|\/root\/|\/work\/|\/tmp\/|[A-Z]:\\\\)/)).toEqual([]);
});

test('tests do not mock modules or the clock, because files share a worker (vitest.config.ts)', () => {
  const folder = path.join(ROOT, 'test');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.test.ts'));
  expect(files.length).toBeGreaterThan(100);
  const meddling = /\bvi\.(mock|doMock|resetModules|useFakeTimers|setSystemTime|stubGlobal)\(/;
  expect(files.filter(file => meddling.test(code(readFileSync(path.join(folder, file), 'utf8'))))).toEqual([]);
});

interface Notebook {
  nbformat: number;
  cells: { cell_type: string; outputs?: unknown[]; execution_count?: number | null }[];
}

test('notebooks are stored without their outputs', () => {
  const folder = path.join(ROOT, 'notebooks');
  const notebooks = readdirSync(folder).filter(name => name.endsWith('.ipynb'));
  expect(notebooks).not.toEqual([]);
  for (const name of notebooks) {
    const { nbformat, cells } = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Notebook;
    expect(nbformat, name).toBe(4);
    const run = cells.filter(cell => cell.cell_type === 'code' && (cell.outputs?.length !== 0 || cell.execution_count));
    expect(run, name).toEqual([]);
  }
});
