import { S3Client } from '@aws-sdk/client-s3';
import type { Lake } from '../contract/lake.ts';
import { PREFIX } from '../contract/table.ts';
import { listObjects, putObject } from '../lake/objects.ts';
import { indexPage } from './index-page.ts';
import type { LocalDay } from './model.ts';
import { dayOfPage, pageName } from './page-name.ts';

const DAILY = `${PREFIX.reports}daily/`;

/** Puts a day's page into the lake's bucket, then the index of all days; returns the page's key. */
export async function publishDaily(
  { aws, names: { bucket } }: Lake<'bucket'>,
  day: LocalDay,
  html: string,
): Promise<string> {
  const s3 = new S3Client(aws);
  const put = (key: string, page: string) =>
    putObject(s3, { bucket, key, type: 'text/html; charset=utf-8' }, Buffer.from(page));
  try {
    const key = `${DAILY}${pageName(day)}`;
    await put(key, html);
    await put(`${PREFIX.reports}index.html`, indexPage(await publishedDays(s3, bucket)));
    return key;
  } finally {
    s3.destroy();
  }
}

async function publishedDays(s3: S3Client, bucket: string): Promise<LocalDay[]> {
  const days: LocalDay[] = [];
  for await (const { key } of listObjects(s3, { bucket, prefix: DAILY })) {
    const day = dayOfPage(key.slice(DAILY.length));
    if (day !== undefined) days.push(day);
  }
  return days;
}
