// What a sheet of duplicates adds to the style of all pages.

export const SHEET_STYLE = `
.key { align-items: center; color: var(--soft); margin: 1rem 0 0; }
.key span { display: inline-flex; align-items: center; gap: .4rem; }
.swatch { width: 1.1rem; height: 1.1rem; border-radius: .2rem; border: 1px solid var(--line); }
.swatch.red { background: #d61e3c; }
.swatch.stripes { background: repeating-linear-gradient(135deg, #aab5cb 0 3px, #f4f4f4 3px 6px); }
.group { margin: 1.5rem 0 0; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; overflow: hidden; }
.group h2 { margin: 0; padding: .6rem 1rem; font-size: 1rem; background: var(--track); border-bottom: 1px solid var(--line); }
.group h2 span { font-weight: 400; font-size: .88rem; color: var(--soft); margin-left: .5rem; }
.files { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); }
.file { padding: .9rem 1rem 1rem; border: 0; border-radius: 0; background: none; min-width: 0; display: flex; flex-direction: column; }
.file p { margin: 0; }
.seen { height: 13rem; display: flex; align-items: center; justify-content: center; margin-bottom: .6rem; background: var(--track); border-radius: .35rem; overflow: hidden; }
.seen.text { height: auto; max-height: 13rem; }
.seen img { max-width: 100%; max-height: 100%; }
.seen .none { padding: 1rem; }
.seen .snippet { padding: .75rem .9rem; align-self: start; font-family: Georgia, "Noto Serif", "DejaVu Serif", serif; font-size: .88rem; line-height: 1.4; overflow-wrap: anywhere; }
.verdict { font-size: .92rem; color: var(--soft); font-variant-numeric: tabular-nums; }
.verdict b { color: var(--ink); margin-right: .35rem; }
.verdict.keep b { color: var(--good); background: var(--good-bg); padding: .05rem .4rem; border-radius: .25rem; }
.path { margin-top: .35rem !important; line-height: 1.35; font-weight: 600; font-size: .92rem; }
.path small { display: block; font-weight: 400; font-size: .76rem; color: var(--soft); }
.note { font-size: .82rem; color: var(--soft); line-height: 1.4; font-variant-numeric: tabular-nums; }
.difference { display: block; max-width: 100%; max-height: 13rem; margin: auto auto 0; border: 1px solid var(--line); border-radius: .25rem; background: #fff; }
figure.file .note:last-of-type { margin-bottom: .6rem; }
.none { color: var(--soft); font-size: .85rem; }
.group > .none { padding: 0 1rem .8rem; }
footer code { font-size: .92em; }
@media print { .group { break-inside: avoid; } }
`;
