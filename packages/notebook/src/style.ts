import { fragment, Markup, type Child } from "./markup.js";

/**
 * The look of what cells show. Texts take the page's colour and fills let its background through, so that light and dark
 * themes both work without being known. The selectors are longer than a notebook's own rules for tables.
 */
const css = `
.pgl-view{font-size:13px;line-height:1.45;max-width:900px;margin:4px 0}
.pgl-view p{margin:0 0 8px}
.pgl-view .pgl-facts span{display:inline-block;margin-right:1.4em;white-space:nowrap}
.pgl-view .pgl-facts i,.pgl-view .pgl-more{font-style:normal;opacity:.72}
.pgl-view ul.pgl-notes{list-style:none;margin:0 0 8px;padding:0}
.pgl-view ul.pgl-notes li{margin:0 0 4px;padding:2px 0 2px 8px;border-left:3px solid #c96f12}
.pgl-view .pgl-scroll{overflow-x:auto}
.pgl-view table.pgl-table{border-collapse:collapse;margin:0 0 10px;font-size:13px;color:inherit;table-layout:auto;border:0}
.pgl-view table.pgl-table caption{text-align:left;padding:0 0 4px;opacity:.72;caption-side:top;color:inherit}
.pgl-view table.pgl-table thead{border:0}
.pgl-view table.pgl-table tbody tr:nth-child(n),.pgl-view table.pgl-table thead tr:nth-child(n){background:transparent}
.pgl-view table.pgl-table tr>th,.pgl-view table.pgl-table tr>td{padding:3px 14px 3px 0;text-align:left;vertical-align:top;max-width:none;white-space:normal;color:inherit;border:0;border-bottom:1px solid rgba(128,128,128,.28)}
.pgl-view table.pgl-table tr>th{font-weight:600}
.pgl-view table.pgl-table tr>.pgl-number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.pgl-view table.pgl-table .pgl-text{white-space:pre-wrap;overflow-wrap:anywhere;min-width:5em;max-height:14em;overflow-y:auto}
.pgl-view .pgl-bar{width:110px;height:9px;margin-top:5px}
.pgl-view .pgl-bar div{height:9px;min-width:1px;background:#4a86c9;border-radius:2px}
.pgl-view .pgl-pictures{display:flex;flex-wrap:wrap;gap:14px 32px;align-items:flex-start}
.pgl-view .pgl-pictures svg{flex:1 1 330px;min-width:0;font-family:inherit}
.pgl-view pre.pgl-frame{margin:0 0 8px;padding:8px 10px;border-left:3px solid #c0392b;background:rgba(128,128,128,.12);color:inherit;white-space:pre;overflow-x:auto;font-size:12.5px;line-height:1.4}
.pgl-view progress{width:180px;height:10px;vertical-align:middle;margin-right:10px}
`.trim();

/** What a cell shows, with its look: each output stands for itself. */
export function framed(...children: readonly Child[]): Markup {
  return new Markup(`<div class="pgl-view"><style>${css}</style>${fragment(...children).toString()}</div>`);
}
