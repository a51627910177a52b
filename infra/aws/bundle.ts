import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSync, type Metafile } from 'esbuild';
import { packageFile } from '../../contract/package-root.ts';
import type { HandlerName } from '../settings.ts';

/** A handler packaged for AWS Lambda. */
export interface Bundle {
  /** Absolute path of the folder with `index.mjs` (which exports `handler`), its source map, and the files it reads. */
  folder: string;
  /** What esbuild put into `index.mjs`. */
  metafile: Metafile;
}

/** The files that a handler reads at run time: a folder of the project, and their extension. */
const READS: Partial<Record<HandlerName, readonly [folder: string, ending: string][]>> = {
  api: [['hotpath', '.html']],
  report: [
    ['queries', '.sql'],
    ['reports', '.vl.json'],
  ],
};

/** A bundle is a module, and `packageFile` resolves files relative to it. */
const PACKAGE = `${JSON.stringify({ type: 'module' })}\n`;

/**
 * Bundles `infra/aws/handlers/<name>.ts` with the contract of `configFile` (absolute) and all its packages into its own
 * folder in `parent`, named after its content. The same sources give the same bytes, wherever the checkout is. Throws
 * with esbuild's messages.
 */
export function bundleHandler(
  name: HandlerName,
  configFile: string,
  parent: string = packageFile('cdk.out', 'bundles'),
): Bundle {
  const root = packageFile();
  const { outputFiles, metafile } = buildSync({
    entryPoints: [packageFile('infra', 'aws', 'handlers', `${name}.ts`)],
    alias: { 'sluice-config': configFile },
    bundle: true,
    platform: 'node',
    // The engine of the newest Lambda runtime.
    target: 'node24',
    format: 'esm',
    // For a package that ships both formats, use its ES modules, so that unused code is dropped.
    mainFields: ['module', 'main'],
    minify: true,
    // Node prints the line of a fatal error, which in a minified file would be the whole file.
    lineLimit: 200,
    sourcemap: 'linked',
    // A stack trace needs names and lines. The sources are in the repository, and a function would load them at every
    // start.
    sourcesContent: false,
    legalComments: 'none',
    absWorkingDir: root,
    // Not written to disk there: the source map is relative to it.
    outfile: path.join(root, 'index.mjs'),
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const files = new Map<string, Uint8Array>([['package.json', Buffer.from(PACKAGE)]]);
  for (const { path: file, contents } of outputFiles) files.set(path.basename(file), contents);
  for (const [from, ending] of READS[name] ?? [])
    for (const file of readdirSync(packageFile(from)).filter(candidate => candidate.endsWith(ending)))
      files.set(path.join(from, file), readFileSync(packageFile(from, file)));
  const folder = path.join(parent, `${name}-${digest(files)}`);
  publish(folder, files);
  return { folder, metafile };
}

function digest(files: ReadonlyMap<string, Uint8Array>): string {
  const hash = createHash('sha256');
  for (const [file, content] of files) hash.update(`${file}\0${content.length}\0`).update(content);
  return hash.digest('hex').slice(0, 16);
}

/**
 * The folder appears complete or not at all, and never changes: several deployments may be synthesized at once, and one
 * copies it while another finishes. Its name comes from its content, so an existing folder is identical.
 */
function publish(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.${randomUUID()}`;
  for (const [file, content] of files) {
    mkdirSync(path.dirname(path.join(unfinished, file)), { recursive: true });
    writeFileSync(path.join(unfinished, file), content);
  }
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}
