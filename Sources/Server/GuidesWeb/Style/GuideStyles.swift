import PageKit
import Sealing

/// The stylesheet of guide services' pages: the base that all pages share, and what only these have. Its address holds its
/// hash, so that browsers may keep it for ever.
enum GuideStyles {
    static let text = BaseStyles.text + own
    static let path = "/guides/assets/style-" + Crypto.hex(Crypto.sha256(text).prefix(8)) + ".css"

    /// Tokens are those of the base: no colour, size or radius is named here that is not one.
    private static let own = #"""
        header.site>.wrap>a:not(.brand){font-weight:560}
        nav.tabs.wrap{margin-bottom:1.4rem}
        .page-head{display:flex;flex-wrap:wrap;gap:.6rem 1.4rem;align-items:end;justify-content:space-between;margin-bottom:1.2rem}
        .page-head .sub{margin:.2rem 0 0}
        .row{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:end}
        .row form{margin:0}
        .row .field,.inline .field{margin:0}
        .inline{display:flex;flex-wrap:wrap;gap:.6rem;align-items:end}
        .field select,.field textarea{font:inherit;width:100%;min-height:2.9rem;padding:.45rem .8rem;border:1px solid var(--edge);
          border-radius:var(--radius);background:var(--paper);color:var(--ink)}
        .check input[type=checkbox]{width:1.25rem;min-height:0}
        .check label{display:inline-flex;gap:.6rem;align-items:center;min-height:2.6rem;font-weight:500}
        .field,.two>*{min-width:0}.field select{max-width:100%}
        .two{display:grid;gap:0 1.4rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,15rem),1fr))}
        .scroll{overflow-x:auto;border:1px solid var(--line);border-radius:calc(var(--radius)*1.5);background:var(--paper)}
        .scroll:focus-visible{outline-offset:-3px}
        .board{border:0;border-radius:0;table-layout:auto;width:max-content;min-width:100%}
        .board th,.board td{border-left:1px solid var(--line);border-top:1px solid var(--line);padding:0;height:2.5rem}
        .board thead th{font-size:.78rem;font-weight:500;text-align:center;color:var(--soft);min-width:2.1rem;padding:.25rem 0;border-top:0}
        .board thead th b{display:block;color:var(--ink);font-size:.92rem}
        .board thead .today b{background:var(--brand);color:var(--brand-ink);border-radius:.4rem;margin:0 .25rem}
        .board .rest{background:var(--ground)}
        .board tbody th,.board .corner{position:sticky;left:0;background:var(--paper);z-index:1;text-align:left;white-space:nowrap;
          padding:.2rem .8rem;border-left:0;border-right:1px solid var(--edge);font-size:.92rem;max-width:11rem;overflow:hidden;text-overflow:ellipsis}
        .board td{max-width:0;overflow:hidden;white-space:nowrap;font-size:.82rem;padding:0 .45rem}
        .board .trip,.board .asked,.board .clash{padding:0}
        .board td>a{display:flex;align-items:center;height:100%;min-height:2.4rem;padding:0 .45rem;overflow:hidden;max-width:100%;
          color:var(--ink);text-decoration:none;font-weight:560}
        .board .trip>a{background:var(--w0);border-left:4px solid var(--h0)}
        .board .asked>a{background:transparent;border:2px dashed var(--h0)}
        .board .clash>a{background:var(--bad-wash);border-left:4px solid var(--bad)}
        .board .busy{background:var(--off-wash);color:var(--off)}
        .board .soft{background:repeating-linear-gradient(135deg,var(--off-wash) 0 5px,transparent 5px 10px);color:var(--off)}
        .board .away{background-color:var(--hatch-ground);background-image:repeating-linear-gradient(135deg,var(--hatch) 0 2px,transparent 2px 9px)}
        .board tr.target th,.board tr.target td{background:var(--brand-wash)}
        .legend{display:flex;flex-wrap:wrap;gap:.4rem 1.4rem;margin:.8rem 0 0;font-size:.88rem;color:var(--soft)}
        .legend span::before{content:"";display:inline-block;width:1.3rem;height:.8rem;border-radius:.2rem;margin-right:.45rem;vertical-align:-.05rem}
        .legend .k-trip::before{background:var(--w0);border-left:4px solid var(--h0)}
        .legend .k-asked::before{border:2px dashed var(--h0)}
        .legend .k-busy::before{background:var(--off-wash);border:1px solid var(--edge)}
        .legend .k-soft::before{background:repeating-linear-gradient(135deg,var(--hatch) 0 3px,transparent 3px 6px);border:1px solid var(--edge)}
        .legend .k-clash::before{background:var(--bad-wash);border-left:4px solid var(--bad)}
        .queue{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));margin:1rem 0 2.2rem}
        .queue .card{display:flex;flex-direction:column;gap:.5rem;min-width:0}
        .queue .card[draggable=true]{cursor:grab}
        .queue p{margin:0}
        .queue form{margin:0}
        .list{background:var(--paper);border:1px solid var(--line);border-radius:calc(var(--radius)*1.5);overflow:clip}
        .list>li{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;align-items:center;justify-content:space-between;padding:.8rem 1.1rem;
          border-top:1px solid var(--line)}
        .list>li:first-child{border-top:0}
        .list p{margin:0}
        .list form{margin:0}
        .list .main{flex:1 1 16rem;min-width:0;overflow-wrap:anywhere}
        .empty{border:1px dashed var(--edge);border-radius:calc(var(--radius)*1.5);padding:1.4rem;text-align:center;color:var(--soft)}
        .stack>*+*{margin-top:1.6rem}
        .facts{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.2rem;margin:0 0 1.2rem}
        .facts dt{color:var(--soft)}
        .facts dd{margin:0;min-width:0;overflow-wrap:anywhere}
        .columns{display:grid;gap:1.6rem 2.4rem;grid-template-columns:minmax(0,1fr)}
        @media (min-width:60rem){.columns{grid-template-columns:minmax(0,1.5fr) minmax(0,1fr);align-items:start}}
        .notice{display:flex;flex-wrap:wrap;gap:.6rem 1.2rem;align-items:center;justify-content:space-between}
        .notice form{margin:0}
        .dates{display:grid;gap:.7rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr))}
        .seats{font-weight:600}
        table.plain td,table.plain th{padding:.55rem .8rem;border-top:1px solid var(--line);overflow-wrap:break-word}
        table.plain thead th{border-top:0;color:var(--soft);font-weight:500;font-size:.9rem}
        table.plain{table-layout:auto}
        details>summary{cursor:pointer;min-height:2.4rem;display:flex;align-items:center;font-weight:560}
        .countdown{font-weight:640}
        .offline{display:none}
        @media (max-width:46rem){
          .board tbody th,.board .corner{max-width:6.6rem;padding-inline:.5rem}
          .facts{grid-template-columns:1fr;gap:0}
          .facts dd{margin-bottom:.5rem}
          .list>li{align-items:flex-start;flex-direction:column}
          .list .main{flex:none}
        }
        @media print{
          nav.tabs,.skip,.no-print,button,.button{display:none !important}
          .scroll{overflow:visible;border:0}
          .card,.list>li{break-inside:avoid}
          main{padding:0}
        }

        """#
}
