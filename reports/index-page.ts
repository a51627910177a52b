import { escapeHtml, htmlPage } from './html.ts';
import type { LocalDay } from './model.ts';
import { pageName } from './page-name.ts';

/** The page that lists the daily reports; `days` in any order, links relative to the index. */
export function indexPage(days: readonly LocalDay[]): string {
  const items = days.toSorted(newestFirst).map(day => {
    const text = day.timezone === 'UTC' ? day.date : `${day.date}, ${day.timezone}`;
    return `<li><a href="daily/${encodeURIComponent(pageName(day))}">${escapeHtml(text)}</a></li>`;
  });
  const zones = days.every(({ timezone }) => timezone === 'UTC')
    ? ''
    : '<p>Local days, in UTC where no other zone is named.</p>\n';
  return htmlPage({ title: 'Daily reports', body: `<h1>Daily reports</h1>\n${zones}<ul>\n${items.join('\n')}\n</ul>` });
}

/** Newest date first; within a date UTC first, which is listed without a zone, then the zones by name. */
function newestFirst(a: LocalDay, b: LocalDay): number {
  const order = ({ timezone }: LocalDay) => (timezone === 'UTC' ? '' : timezone);
  if (a.date !== b.date) return a.date < b.date ? 1 : -1;
  return order(a) < order(b) ? -1 : 1;
}
