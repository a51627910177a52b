import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import dynalite from 'dynalite';
import { syncFiles, syncFolder } from './durable-files.ts';
import type { HttpHandler } from './endpoint.ts';
import { groupCommit } from './group-commit.ts';
import { ensureLevel } from './level-folder.ts';

export interface LocalDynamoDb {
  handle: HttpHandler;
  close(): Promise<void>;
}

const READS = /\.(?:BatchGetItem|GetItem|Query|Scan|DescribeTable|DescribeTimeToLive|ListTables|ListTagsOfResource)$/;

/**
 * DynamoDB by dynalite, its tables in `folder`. dynalite does not fsync, so the answer to a write is held back until
 * LevelDB's logs are on disk: a 200 means that the item survives a power cut. Its table files LevelDB syncs by itself.
 */
export async function startDynamoDb(folder: string): Promise<LocalDynamoDb> {
  await ensureLevel(folder);
  const server = dynalite({ path: folder, createTableMs: 0, deleteTableMs: 0 });
  // dynalite closes its database only as part of closing a listening server. So it listens, but serves nobody there:
  // its requests come through the endpoint, which knows the caller's key.
  const [serve] = server.listeners('request') as RequestListener[];
  if (serve === undefined) throw new Error('dynalite has no request listener');
  server.removeAllListeners('request').on('request', (_, response: ServerResponse) => response.writeHead(403).end());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const durable = groupCommit<void>(async () => {
    await syncFiles(folder, '.log');
    await syncFolder(folder);
  });
  return {
    handle: async (request, response) => {
      if (!READS.test(String(request.headers['x-amz-target']))) holdBack(response, () => durable());
      serve(request, response);
    },
    close: () => new Promise((resolve, reject) => server.close(error => (error ? reject(error) : resolve()))),
  };
}

/** Lets the response out only when `ready` has settled; if that fails the connection breaks, which a client takes as no answer. */
function holdBack(response: ServerResponse<IncomingMessage>, ready: () => Promise<void>): void {
  const end = response.end.bind(response) as (...parts: unknown[]) => ServerResponse;
  // `end` has five overloads; whichever dynalite calls is passed on as it came.
  response.end = ((...parts: unknown[]) => {
    ready().then(
      () => end(...parts),
      () => response.destroy(),
    );
    return response;
  }) as typeof response.end;
}
