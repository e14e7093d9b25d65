// What the lab's page adds to the style of all pages.

/**
 * Ten colours that the colour-blind tell apart as well as ten can be (M. A. Petroff, Accessible color sequences for data
 * visualization, 2021); the darker ones are lighter on a dark page.
 */
const ON_LIGHT = '#3f90da #ffa90e #bd1f01 #94a4a2 #832db6 #a96b59 #e76300 #b9ac70 #717581 #92dadd';
const ON_DARK = '#5aa5ea #ffb534 #e2492c #a9b7b5 #ad64dc #bd8574 #f47f26 #c9bd85 #888d9b #a3e4e7';

const variables = (colours: string) =>
  colours
    .split(' ')
    .map((colour, place) => `--c${place}: ${colour};`)
    .join(' ');
const classes = Array.from(
  { length: 10 },
  (_, place) => `.map path.c${place} { stroke: var(--c${place}); } .dot.c${place} { background: var(--c${place}); }`,
).join('\n');

export const LAB_STYLE = `
:root { ${variables(ON_LIGHT)} }
@media (prefers-color-scheme: dark) { :root { ${variables(ON_DARK)} } }
@media print { :root { ${variables(ON_LIGHT)} } .run figure, .findings li { break-inside: avoid; } nav { display: none; } }
${classes}
a { color: inherit; text-underline-offset: .15em; }
a:focus-visible, .scroll:focus-visible, input:focus-visible { outline: 2px solid var(--m1); outline-offset: 2px; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; list-style: none; margin: 1rem 0 0; padding: 0; font-size: .9rem; }
.findings { max-width: 54rem; padding-left: 1.2rem; margin: .5rem 0 0; }
.findings li { margin: .3rem 0; }
.beside { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 25rem); gap: 1rem; align-items: start; }
.beside > figure + figure { grid-column: 2; }
.source { margin: .5rem .75rem; font-size: .82rem; color: var(--soft); }
.dot { display: inline-block; width: .7em; height: .7em; border-radius: 50%; margin-right: .4em; }
.dot.auto-encoder { background: var(--m0); }
.dot.baseline { background: var(--m1); border-radius: 0; }
.line { display: inline-flex !important; vertical-align: top; align-items: center; gap: .35rem; margin-right: .9rem; }
.line i { width: 1.1rem; height: 3px; border-radius: 2px; background: var(--soft); }
.line i.thin { height: 1px; }
.keys { margin: 0 0 .25rem; font-size: .82rem; color: var(--soft); }
.run { margin: 0 0 2rem; }
.run .charts { align-items: stretch; }
.run figure svg { max-width: 25rem; }
.run h3 { font-size: 1.05rem; margin: 1.75rem 0 .2rem; }
.run > p { margin: 0 0 .5rem; color: var(--soft); max-width: 48rem; }
.run .facts { margin: .5rem 0 1rem; }
.run .facts div { flex-wrap: wrap; gap: 0 .4rem; }
.sheets { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 32rem), 1fr)); gap: 1rem; margin-top: 1rem; align-items: start; }
.run .charts { grid-template-columns: repeat(auto-fit, minmax(min(100%, 20.5rem), 1fr)); }
.sandglass text { font-size: 12px; fill: var(--soft); }
.sandglass .layer { fill: var(--m1); }
.sandglass .code { fill: var(--m0); }
.sandglass .flow { fill: var(--m1); opacity: .22; }
.lines { display: flex; gap: .75rem; }
.bands { display: grid; grid-auto-rows: 1fr; flex: none; font-size: .82rem; color: var(--soft); }
.bands span { display: flex; align-items: center; }
.sheet img { min-width: 0; max-width: 100%; height: auto; object-fit: contain; align-self: start; border-radius: 2px; }
.maps { align-items: stretch; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); }
.map { display: flex; flex-direction: column; justify-content: space-between; }
.map svg { max-width: none; }
.map path { fill: none; stroke-width: 9; stroke-linecap: round; }
.map text { font-size: 44px; font-weight: 700; text-anchor: middle; dominant-baseline: central; fill: var(--ink); stroke: var(--card); stroke-width: 12; paint-order: stroke; }
.labels { display: flex; flex-wrap: wrap; gap: .3rem 1rem; border: 0; margin: 0 0 1rem; padding: 0; font-size: .95rem; }
.labels legend { float: left; margin-right: 1rem; padding: 0; color: var(--soft); }
.labels label { display: inline-flex; align-items: center; cursor: pointer; }
.labels input { margin: 0 .35rem 0 0; }
@media (max-width: 58rem) { .beside { grid-template-columns: minmax(0, 1fr); } .beside > figure + figure { grid-column: 1; } }
@media (max-width: 34rem) { .lines { flex-direction: column; } .bands { display: block; } .bands span { display: inline; } .bands .again { display: none; } .bands span + span::before { content: ' / '; } }
`;
