import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Lake } from '../contract/lake.ts';
import { PREFIX } from '../contract/table.ts';
import { indexPage } from './index-page.ts';

const DAILY = `${PREFIX.reports}daily/`;

/** Puts a day's page into the lake's bucket, then the index of all days; gives the page's key. */
export async function publishDaily({ aws, names }: Lake, date: string, html: string): Promise<string> {
  const s3 = new S3Client(aws);
  try {
    const put = (Key: string, Body: string) =>
      s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body, ContentType: 'text/html; charset=utf-8' }));
    const key = `${DAILY}${date}.html`;
    await put(key, html);
    await put(`${PREFIX.reports}index.html`, indexPage(await publishedDates(s3, names.bucket)));
    return key;
  } finally {
    s3.destroy();
  }
}

async function publishedDates(s3: S3Client, bucket: string): Promise<string[]> {
  const dates: string[] = [];
  let after: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: DAILY,
        ...(after === undefined ? {} : { ContinuationToken: after }),
      }),
    );
    for (const { Key = '' } of page.Contents ?? []) {
      const date = /^(\d{4}-\d\d-\d\d)\.html$/.exec(Key.slice(DAILY.length))?.[1];
      if (date !== undefined) dates.push(date);
    }
    after = page.NextContinuationToken;
  } while (after !== undefined);
  return dates;
}
