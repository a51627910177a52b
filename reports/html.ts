const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes text for an HTML element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => ENTITIES[character] ?? '');
}

/**
 * A complete page in which no script runs and nothing is loaded, whatever `body` (HTML) contains. `style` is CSS
 * added after the common styles.
 */
export function htmlPage({ title, body, style = '' }: { title: string; body: string; style?: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
${STYLE}${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

const STYLE = `:root { color-scheme: light dark; --ink: #1b1f24; --faint: #5c6570; --line: #d9dee4; --ground: #fff; --card: #f5f7f9; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --faint: #9aa4b0; --line: #343b44; --ground: #14171b; --card: #1d2127; } }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.25rem 4rem; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.6rem; }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.15rem; }
p, li, footer { color: var(--faint); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 1.5rem 0; }
.figures div { padding: .75rem 1rem; border-radius: .5rem; background: var(--card); }
.figures dt { font-size: .8rem; color: var(--faint); }
.figures dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
.figures dd.note { font-size: .8rem; color: var(--faint); overflow-wrap: anywhere; }
figure { margin: 0; }
figure svg { display: block; max-width: 100%; height: auto; }
figcaption { font-size: .85rem; color: var(--faint); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th { font-weight: 600; vertical-align: bottom; }
th.text, td.text { text-align: left; }
td.wrap { white-space: normal; min-width: 8rem; }
span { white-space: nowrap; }
th[colspan] { text-align: center; }
summary { cursor: pointer; margin: 1rem 0 .5rem; color: var(--faint); }
footer { margin-top: 3rem; font-size: .85rem; }
@media screen and (max-width: 40rem) {
body { padding: 1rem 1rem 3rem; }
.figures { grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .5rem; }
figure { overflow-x: auto; }
figure svg { width: 44rem; max-width: none; }
}
@media print {
body { max-width: none; padding: 0; font-size: 13px; }
h2 { margin-top: 1.25rem; break-after: avoid; }
.figures { grid-template-columns: repeat(5, 1fr); gap: .4rem; margin: .75rem 0; }
.figures div { padding: .4rem .6rem; border: 1px solid var(--line); }
.figures dd { font-size: 1.1rem; }
figure, tr, .figures div { break-inside: avoid; }
.scroll { overflow: visible; }
table { font-size: .7rem; }
th, td { padding: .2rem .3rem; }
details:not([open]) { display: none; }
}
`;

/** For a page with tables wider than a portrait sheet. */
export const WIDE_PAGE = '@page { size: landscape; }\n';
