import { escapeHtml, htmlPage } from './html.ts';

/** The page that lists the daily reports there are; `dates` in any order, links relative to the index. */
export function indexPage(dates: readonly string[]): string {
  const items = dates
    .toSorted()
    .reverse()
    .map(date => `<li><a href="daily/${encodeURIComponent(date)}.html">${escapeHtml(date)}</a></li>`);
  return htmlPage({ title: 'Daily reports', body: `<h1>Daily reports</h1>\n<ul>\n${items.join('\n')}\n</ul>` });
}
