// The style sheet of all HTML pages: light and dark, from 360 pixels wide to paper.

export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #faf8f4; --card: #ffffff; --ink: #22201c; --soft: #6b655b; --line: #e4ded3; --track: #f3efe7;
  --good: #1d7a46; --good-bg: #e3f4e9; --only: #8a5a00; --only-bg: #fdf0d3;
  --m0: #c8791a; --m1: #3669b0; --m2: #2f8f7b; --m3: #8b5cb0; --m4: #b9445c; --m5: #6c757d; --m6: #7a6a2c; --muted: #8d8578;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #191714; --card: #23201c; --ink: #ece7dd; --soft: #a69e90; --line: #3a352d; --track: #2c2822;
    --good: #7fd6a0; --good-bg: #1d3a29; --only: #f0c36d; --only-bg: #40331a;
    --m0: #f0a844; --m1: #7fb0f0; --m2: #62cbb5; --m3: #c39ae6; --m4: #f0869b; --m5: #a9b2ba; --m6: #cdbb6d; --muted: #8a8276;
  }
}
@media print {
  :root {
    color-scheme: light;
    --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --track: #eee;
    --good: #1d7a46; --good-bg: #fff; --only: #8a5a00; --only-bg: #fff;
    --m0: #c8791a; --m1: #3669b0; --m2: #2f8f7b; --m3: #8b5cb0; --m4: #b9445c; --m5: #6c757d; --m6: #7a6a2c; --muted: #8d8578;
  }
  figure, tr { break-inside: avoid; }
  * { print-color-adjust: exact; }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 3rem; max-width: 76rem; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
h1 { font-size: 1.05rem; font-weight: 600; margin: 0; color: var(--soft); }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .25rem; }
h2 + p, figcaption p { margin: 0 0 1rem; color: var(--soft); max-width: 48rem; }
bdi { overflow-wrap: anywhere; }
.headline { font-size: clamp(1.25rem, 3.2vw, 1.75rem); line-height: 1.3; font-weight: 650; margin: .5rem 0 .25rem; max-width: 54rem; text-wrap: balance; }
.basis { margin: 0 0 1rem; color: var(--soft); max-width: 54rem; }
.facts { display: flex; flex-wrap: wrap; gap: .25rem 1.75rem; margin: 1rem 0 0; padding: 0; color: var(--soft); font-size: .9rem; }
.facts div { display: flex; gap: .4rem; }
.facts dd { margin: 0; color: var(--ink); font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .5rem .75rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { font-size: .82rem; font-weight: 600; color: var(--soft); vertical-align: bottom; }
th:first-child { text-align: left; }
tbody th { font-weight: 600; position: sticky; left: 0; background: var(--card); white-space: normal; }
td small { display: block; color: var(--soft); font-size: .74rem; }
thead th small { display: block; font-weight: 400; }
td.best { font-weight: 700; }
.heat td { background: color-mix(in srgb, var(--m1) calc(var(--share) * .38), var(--card)); }
td.best small { font-weight: 400; }
.method { display: inline-flex; align-items: center; gap: .4rem; }
.method svg { flex: none; }
.method bdi { white-space: nowrap; max-width: 16rem; overflow: hidden; text-overflow: ellipsis; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 .75rem; font-size: .9rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20.5rem), 1fr)); gap: 1rem; align-items: start; }
figure { margin: 0; padding: .9rem 1rem .6rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
figcaption { font-weight: 600; font-size: .95rem; margin-bottom: .35rem; }
figcaption span { display: block; font-weight: 400; font-size: .82rem; color: var(--soft); }
figure svg { width: 100%; max-width: 30rem; height: auto; display: block; overflow: visible; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .88rem; color: var(--soft); }
footer dt { font-weight: 600; color: var(--ink); margin-top: .5rem; }
footer dd { margin: 0; max-width: 52rem; }
@media (max-width: 34rem) {
  body { padding: 1.25rem .8rem 2rem; }
  th, td { padding: .45rem .55rem; }
  thead th { white-space: normal; }
  tbody th { max-width: 9rem; font-size: .9rem; line-height: 1.3; }
}
`;
