/** The look of pill, card and panel. The page's own styles end at the host. */
export const STYLE = /* css */ `
:host {
  all: initial !important;
  display: block !important;
  position: fixed !important;
  inset: 0 !important;
  overflow: visible !important;
  pointer-events: none !important;
}
[hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
.announcer { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.layer {
  --ground: #fff; --raised: #f6f5f9; --text: #1f1d29; --soft: #5d596c; --line: #e4e1ec;
  --accent: #6d3fd1; --on-accent: #fff; --tint: #f3eefe; --ring: #6d3fd1;
  --hint: #8a5a0b; --hint-tint: #fdf3dc; --warning: #6b3fd4; --warning-tint: #f0eafe; --serious: #b0157f; --serious-tint: #fde8f5;
  --calm: #2f8f7f; --cool: #b7791f; --warm: #c8590c; --hot: #c01d8a;
  --shadow: 0 0 0 1px rgb(31 29 41 / 7%), 0 2px 6px rgb(31 29 41 / 8%), 0 12px 32px rgb(31 29 41 / 16%);
  color-scheme: light;
  font: 13.5px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  color: var(--text);
  -webkit-font-smoothing: antialiased;
}
.layer[data-theme=dark] {
  --ground: #26242e; --raised: #322f3c; --text: #efedf5; --soft: #b3aec4; --line: #413d4e;
  --accent: #b79cff; --on-accent: #1d1730; --tint: #39314f; --ring: #c6b1ff;
  --hint: #f2c46d; --hint-tint: #43381f; --warning: #c5b0ff; --warning-tint: #3a3155; --serious: #ff9ad8; --serious-tint: #4b2440;
  --calm: #5cc5b2; --cool: #e0aa4e; --warm: #f2924d; --hot: #f472c2;
  --shadow: 0 0 0 1px rgb(255 255 255 / 9%), 0 12px 32px rgb(0 0 0 / 50%);
  color-scheme: dark;
}

.overlay { position: fixed; overflow: hidden; pointer-events: none; }
.overlay > div { position: absolute; left: 0; top: 0; color: transparent; transform-origin: 0 0; }
.overlay span { text-underline-offset: 2px; border-radius: 2px; }
.mark-hint { text-decoration: underline dotted #b7791f 2px; background: rgb(214 158 46 / 12%); }
.mark-warning { text-decoration: underline wavy #8b5cf6 1.5px; background: rgb(139 92 246 / 13%); }
.mark-serious { text-decoration: underline double #d6249f 2px; background: rgb(214 36 159 / 17%); }
.mark-current { background: rgb(139 92 246 / 30%); }

.place { position: fixed; left: 0; top: 0; display: flex; pointer-events: auto; user-select: none; -webkit-user-select: none; cursor: default; }
.place > section {
  flex: 1; overflow: auto; overscroll-behavior: contain; scrollbar-width: thin;
  background: var(--ground); border-radius: 12px; box-shadow: var(--shadow);
}
.card-place { width: min(340px, calc(100vw - 16px)); }
.panel-place { width: min(320px, calc(100vw - 16px)); }
@media (prefers-reduced-motion: no-preference) {
  .place > section { animation: arrive 110ms ease-out; }
  @keyframes arrive { from { opacity: 0; translate: 0 3px; } }
  button { transition: background-color 90ms, border-color 90ms; }
}

button { all: unset; box-sizing: border-box; cursor: pointer; border-radius: 8px; -webkit-tap-highlight-color: transparent; }
button[disabled] { opacity: .5; cursor: default; }
button:focus-visible, button[data-selected] { outline: 2px solid var(--ring); outline-offset: 1px; }
h2, h3, p, ul, ol { margin: 0; padding: 0; list-style: none; }

.pill {
  display: inline-flex; align-items: center; gap: 6px; height: 26px; padding: 0 10px 0 8px; border-radius: 13px;
  background: var(--ground); color: var(--text); box-shadow: 0 0 0 1px var(--line), 0 1px 4px rgb(31 29 41 / 14%);
  font-size: 12px; font-weight: 600; font-variant-numeric: tabular-nums;
}
.pill:hover { background: var(--raised); }
.dot { width: 10px; height: 10px; border-radius: 50%; background: var(--heat, var(--calm)); }
[data-heat=calm] { --heat: var(--calm); }
[data-heat=cool] { --heat: var(--cool); }
[data-heat=warm] { --heat: var(--warm); }
[data-heat=hot] { --heat: var(--hot); }
.pill[data-heat=warm] .dot { border-radius: 3px; }
.pill[data-heat=hot] .dot { border-radius: 2px; rotate: 45deg; }
.count.calm { color: var(--calm); }

.card, .panel { padding: 12px 14px 10px; }
.head { display: flex; align-items: center; justify-content: space-between; gap: 8px; margin-bottom: 8px; }
.head h2 { font-size: 15px; font-weight: 650; }
.badge { padding: 2px 8px; border-radius: 9px; font-size: 11.5px; font-weight: 650; letter-spacing: .01em; }
.badge.severity-hint { color: var(--hint); background: var(--hint-tint); }
.badge.severity-warning { color: var(--warning); background: var(--warning-tint); }
.badge.severity-serious { color: var(--serious); background: var(--serious-tint); }
.close { width: 26px; height: 26px; margin: -4px -6px -4px 0; text-align: center; font-size: 18px; line-height: 24px; color: var(--soft); }
.close:hover, .quiet:hover { background: var(--raised); color: var(--text); }
.what { font-weight: 600; }
.why { margin-top: 2px; color: var(--soft); }
.instead { margin-top: 10px; padding: 8px 10px; border-radius: 8px; background: var(--tint); }
.suggestions { display: grid; gap: 6px; margin-top: 10px; }
.suggestion { display: block; width: 100%; padding: 7px 10px; border: 1px solid var(--line); background: var(--ground); overflow-wrap: anywhere; }
.suggestion:hover { border-color: var(--accent); background: var(--tint); }
.suggestions > li:first-child .suggestion { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.suggestions > li:first-child .suggestion:hover { background: color-mix(in srgb, var(--accent) 88%, var(--text)); }
.suggestion .old { color: var(--soft); text-decoration: line-through; }
.suggestion .new { font-weight: 600; }
.suggestions > li:first-child .old { color: inherit; }
.more { display: flex; flex-wrap: wrap; gap: 2px; margin: 10px -8px 0; }
.quiet { padding: 4px 8px; font-size: 12.5px; color: var(--soft); }

.meter { height: 6px; border-radius: 3px; background: var(--line); overflow: hidden; }
.bar { display: block; height: 100%; border-radius: 3px; background: var(--heat, var(--calm)); }
${Array.from({ length: 21 }, (_, i) => `.w${i} { width: ${i * 5}%; }`).join(' ')}
h3 { margin-top: 14px; font-size: 11.5px; font-weight: 650; letter-spacing: .02em; color: var(--soft); }
.findings { margin: 4px -8px 0; }
.finding { display: flex; align-items: baseline; gap: 8px; width: 100%; padding: 5px 8px; }
.finding:hover { background: var(--raised); }
.finding .mark { flex: none; width: 8px; height: 8px; border-radius: 50%; background: var(--hint); }
.finding .mark.severity-warning { border-radius: 2px; background: var(--warning); }
.finding .mark.severity-serious { border-radius: 1px; rotate: 45deg; background: var(--serious); }
.finding .title { flex: 1; overflow-wrap: anywhere; }
.finding .label { color: var(--soft); font-size: 12px; white-space: nowrap; }
.checklist { margin-top: 4px; }
.checklist li { display: flex; align-items: center; gap: 8px; min-height: 30px; }
.checklist .mark {
  flex: none; width: 16px; height: 16px; border-radius: 50%; border: 1.5px dashed var(--soft);
  font-size: 11px; line-height: 13px; text-align: center; color: transparent;
}
.met .mark { border: 1.5px solid var(--calm); color: var(--calm); font-weight: 700; }
.met .title, .na .title { color: var(--soft); }
.checklist .title { flex: 1; }
.insert { padding: 3px 10px; border: 1px solid var(--line); font-size: 12.5px; font-weight: 600; color: var(--accent); }
.insert:hover { border-color: var(--accent); background: var(--tint); }
.notice { margin-top: 10px; padding: 7px 10px; border-radius: 8px; background: var(--hint-tint); color: var(--text); font-size: 12.5px; }

@media (forced-colors: active) {
  .place > section, .pill, .suggestion, .insert { border: 1px solid ButtonText; }
  .dot, .bar, .finding .mark { forced-color-adjust: none; }
}
`;
