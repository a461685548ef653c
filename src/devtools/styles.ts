/** The styles of the panel, for its shadow root: they reach nothing else, and nothing reaches them. */
export const STYLES = `
:host { color-scheme: inherit; }
* { box-sizing: border-box; }
.open, .panel {
  font: 13px/1.4 system-ui, sans-serif;
  color: light-dark(#191c22, #f1f3f6);
  background: light-dark(#fff, #191d24);
}
button {
  font: inherit; color: inherit; min-height: 28px; padding: 2px 10px; border-radius: 6px;
  border: 1px solid light-dark(#868d99, #767e8b); background: light-dark(#f3f4f7, #2a303a);
  cursor: pointer;
}
button[aria-pressed='true'] { background: light-dark(#8c1d26, #ffb3b8); color: light-dark(#fff, #2b0508); }
button:focus-visible, .scroll:focus-visible { outline: 2px solid light-dark(#2450c8, #8fb0ff); outline-offset: 1px; }
.floating { position: fixed; z-index: 2147483000; inset: auto 0 0 0; }
.open.floating { inset: auto 12px 12px auto; border-radius: 999px; }
.panel.floating { height: min(60vh, 420px); border-top: 1px solid light-dark(#868d99, #767e8b); }
.panel { display: flex; flex-direction: column; min-width: 0; height: 100%; }
header { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; padding: 6px 10px; }
header [role='group'] { display: flex; gap: 6px; }
.state { flex: 1; }
.scroll { overflow: auto; padding: 0 10px 10px; min-height: 0; flex: 1; }
h2 { font-size: 13px; margin: 10px 0 4px; }
p, ol { margin: 0; padding: 0; list-style: none; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 2px 12px 2px 0; vertical-align: top; white-space: nowrap; }
th { font-weight: 600; }
.long { white-space: normal; overflow-wrap: anywhere; }
td.long { min-width: 150px; }
li { display: flex; flex-wrap: wrap; gap: 2px 10px; padding: 2px 0; border-top: 1px solid light-dark(#e4e6ea, #2f3540); }
code { font: 12px/1.4 ui-monospace, monospace; flex: 1 1 260px; min-width: 0; overflow-wrap: anywhere; }
.time { font-variant-numeric: tabular-nums; }
.way { min-width: 66px; }
.quiet, .time { color: light-dark(#555d6b, #a9b1be); }
.mark { font-size: 11px; border: 1px solid; border-radius: 4px; padding: 0 4px; height: 17px; line-height: 15px; }
@media (max-width: 640px) {
  button { padding: 2px 6px; }
  .state { flex-basis: 100%; }
  th, td { padding-right: 8px; }
}
@media (forced-colors: active) {
  button[aria-pressed='true'] { background: Highlight; color: HighlightText; forced-color-adjust: none; }
}
`;
