/** The look of the HTML report, in light and in dark. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1f1f1f; --quiet: #595959; --rule: #d0d0d0; --page: #ffffff; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececec; --quiet: #b0b0b0; --rule: #444444; --page: #161616; --bad: #ff8a80; }
}
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
header p { margin: .15rem 0; color: var(--quiet); }
header p.answer { color: var(--ink); font-size: 1.15rem; font-weight: 600; }
figure { margin: 1.5rem 0; }
img { max-width: 100%; height: auto; }
figure > img:only-child { border: 1px solid var(--rule); border-radius: 4px; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 31.25rem), 1fr)); gap: 1.5rem; }
.charts figure { margin: 0; min-width: 0; }
.charts figcaption { color: var(--quiet); margin-bottom: .25rem; }
.charts figcaption b { color: var(--ink); }
.charts p { margin: .25rem 0 0; font-size: .85rem; color: var(--quiet); }
.scroll { overflow-x: auto; margin: .75rem 0 1.25rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; max-width: 46rem; color: var(--quiet); padding-bottom: .25rem; }
th, td { padding: .2rem .75rem; text-align: right; white-space: nowrap; }
th:first-child { text-align: left; padding-left: 0; }
thead th { border-bottom: 1px solid var(--rule); color: var(--quiet); font-weight: 600; }
tbody th { font-weight: 400; }
tr:not(.sum) + tr.sum > * { border-top: 1px solid var(--rule); }
tr.sum > * { font-weight: 600; }
tr.fact td { text-align: left; white-space: pre-wrap; overflow-wrap: anywhere; }
tr.fact th { vertical-align: top; }
p.says { max-width: 46rem; }
dt { font-weight: 600; margin-top: .6rem; }
dd { margin: 0; max-width: 46rem; }
ul { padding-left: 1.25rem; }
.bad { color: var(--bad); }
.notes { color: var(--quiet); }
@media print { .scroll { overflow: visible; } }
`;
