// The style of the example queries in a comparison's page.

export const EXAMPLE_STYLE = `
.example { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; margin: 0 0 1.25rem; overflow: hidden; }
.asked { display: flex; gap: 1rem; align-items: center; padding: .9rem 1rem; background: var(--track); border-bottom: 1px solid var(--line); }
.asked > div { min-width: 0; flex: 1; }
.asked img { width: 7rem; height: 7rem; object-fit: contain; flex: none; border-radius: .3rem; background: var(--card); }
.asked p { margin: 0; }
.asked .why { font-size: .82rem; color: var(--soft); }
.asked .path { font-weight: 600; }
.note { font-size: .85rem; color: var(--soft); }
.snippet { font-family: Georgia, "Noto Serif", "DejaVu Serif", serif; font-size: .88rem; line-height: 1.4; overflow-wrap: anywhere; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; line-clamp: 3; overflow: hidden; }
.asked .snippet { margin-top: .35rem; -webkit-line-clamp: 5; line-clamp: 5; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr)); }
.column { padding: .75rem 1rem .9rem; border-right: 1px solid var(--line); min-width: 0; }
.column:last-child { border-right: 0; }
.column h3 { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 .75rem; font-size: .95rem; margin: 0 0 .4rem; }
.column h3 > span:last-child { font-weight: 400; font-size: .82rem; color: var(--soft); }
.column ol { list-style: none; margin: 0; padding: 0; }
.hit { display: flex; gap: .6rem; padding: .4rem .5rem; margin: .3rem 0; border-radius: .35rem; border-left: 3px solid var(--line); font-size: .85rem; }
.hit.relevant { border-left-color: var(--good); background: var(--good-bg); }
.hit img { width: 3.25rem; height: 3.25rem; object-fit: cover; flex: none; border-radius: .25rem; background: var(--track); }
.hit > div { min-width: 0; flex: 1; }
.hit p { margin: 0; }
.hit .path { overflow-wrap: anywhere; line-height: 1.35; }
.hit .marks { display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem .5rem; color: var(--soft); font-size: .78rem; font-variant-numeric: tabular-nums; }
.hit .snippet { font-size: .8rem; color: var(--soft); -webkit-line-clamp: 2; line-clamp: 2; }
.tag { font-weight: 600; }
.tag.good { color: var(--good); }
.tag.only { font-weight: 400; font-style: italic; }
.relevant .tag.only, h2 + p .tag.only { color: var(--only); background: var(--only-bg); border-radius: .25rem; padding: 0 .3rem; font-style: normal; font-weight: 600; white-space: nowrap; }
details > summary { padding: .6rem 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .88rem; cursor: pointer; }
details > .columns { border-top: 1px solid var(--line); }
.none { color: var(--soft); font-size: .85rem; }
@media print { .example { break-inside: avoid; } }
@media (max-width: 34rem) {
  .asked { align-items: flex-start; }
  .asked img { width: 5rem; height: 5rem; }
  .column { border-right: 0; border-bottom: 1px solid var(--line); }
  .column:last-child { border-bottom: 0; }
}
`;
