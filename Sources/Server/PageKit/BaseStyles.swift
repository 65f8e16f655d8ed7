/// What all pages look like: tokens first, then elements, then parts. docs/design-language.md says how they are used.
public enum BaseStyles {
    /// Contrast of text to its ground is at least 4.5 : 1 in both schemes, of marks and borders of controls 3 : 1
    /// (WCAG 2.2 §1.4.3, §1.4.11); a browser test computes it.
    public static let text = #"""
        :root{
          --ground:#f6f4ef;--paper:#fffefb;--ink:#1e2524;--soft:#56605d;--line:#ddd8cc;--edge:#8a8577;
          --brand:#1d5c63;--brand-ink:#fff;--brand-wash:#e3efee;--focus:#0a6fd6;
          --ok:#1e6b3c;--ok-wash:#e2f1e6;--wait:#24578f;--wait-wash:#e3edf8;--warn:#7a4b00;--warn-wash:#fbeecb;
          --bad:#9b2318;--bad-wash:#fbe4df;--off:#55595c;--off-wash:#ebebe8;
          --hatch:#c9c3b4;--hatch-ground:#efece3;--now:#c0341d;
          --quarter:.8rem;--radius:.6rem;
          --h0:#1d5c63;--h1:#8a4b1f;--h2:#5a4a93;--h3:#8c3560;--h4:#3f6b23;--h5:#27598f;--h6:#7a5a00;--h7:#5c5148;
          --w0:#dcecec;--w1:#f6e6d9;--w2:#e8e4f5;--w3:#f6e1ea;--w4:#e4efd9;--w5:#dfeaf6;--w6:#f5ebcf;--w7:#ebe6e0;
          color-scheme:light dark;
        }
        @media (prefers-color-scheme:dark){:root{
          --ground:#14191a;--paper:#1c2324;--ink:#e9ebe6;--soft:#a5afab;--line:#333c3c;--edge:#7c8886;
          --brand:#7cc4c6;--brand-ink:#0e2224;--brand-wash:#1f3638;--focus:#7db8ff;
          --ok:#8fd4a5;--ok-wash:#1b3325;--wait:#9cc5f2;--wait-wash:#1c2f45;--warn:#ecc268;--warn-wash:#3a2e12;
          --bad:#f5a397;--bad-wash:#43211c;--off:#b4b8b6;--off-wash:#2b3131;
          --hatch:#454d4c;--hatch-ground:#22292a;--now:#ff8d78;
          --h0:#7cc4c6;--h1:#e5a876;--h2:#b9aaf0;--h3:#ec9cc1;--h4:#a9d286;--h5:#92c0f0;--h6:#dfc062;--h7:#cbbfb3;
          --w0:#1c3a3d;--w1:#40291a;--w2:#2e294a;--w3:#432436;--w4:#263818;--w5:#1c3350;--w6:#3a3013;--w7:#36312c;
        }}
        *,*::before,*::after{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--ground);color:var(--ink);
          font:1rem/1.55 "Inter","Source Sans 3","Segoe UI",system-ui,-apple-system,"Helvetica Neue",Arial,sans-serif;
          font-variant-numeric:tabular-nums;display:flex;flex-direction:column;min-height:100vh}
        h1,h2,h3{line-height:1.2;margin:0;font-weight:640;letter-spacing:-.012em;text-wrap:balance}
        h1{font-size:clamp(1.7rem,1.3rem + 1.8vw,2.4rem)}
        h2{font-size:1.35rem}
        h3{font-size:1.08rem}
        p{margin:0 0 .8rem}
        ul,ol{list-style:none;margin:0;padding:0}
        ul.plain{list-style:disc;padding-left:1.3rem;margin:0 0 1rem}
        a{color:var(--brand);text-underline-offset:.18em;text-decoration-thickness:.08em}
        abbr{text-decoration:none}
        pre{background:var(--paper);border:1px solid var(--line);border-radius:var(--radius);padding:.8rem 1rem;overflow-x:auto}
        code{font:.92em/1.5 ui-monospace,"JetBrains Mono","SFMono-Regular",Menlo,Consolas,monospace}
        :focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:.3rem}
        main:focus{outline:none}
        .wrap{width:100%;max-width:76rem;margin-inline:auto;padding-inline:clamp(1rem,3vw,2rem)}
        .narrow{max-width:36rem}
        .lead{font-size:1.08rem;color:var(--soft);margin-top:.5rem}
        .sub{color:var(--soft);font-size:.9rem}
        .grow{flex:1;min-width:0}
        .sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        .skip{position:absolute;left:1rem;top:-5rem;background:var(--brand);color:var(--brand-ink);padding:.6rem 1rem;
          border-radius:0 0 var(--radius) var(--radius);z-index:9}
        .skip:focus{top:0}
        header.site .wrap{display:flex;justify-content:space-between;align-items:center;padding-block:1rem}
        header.site form{margin:0}
        .brand{display:inline-flex;gap:.55rem;align-items:center;font-weight:660;color:var(--ink);text-decoration:none;
          letter-spacing:-.01em;min-height:2.75rem}
        .brand svg{stroke:var(--brand);fill:none;stroke-width:2.6;stroke-linecap:round}
        main{flex:1;padding-block:1rem 3rem}
        footer.site{border-top:1px solid var(--line);color:var(--soft);font-size:.88rem}
        footer.site p{margin:1.1rem 0}
        .crumb{margin:0 0 .3rem;font-size:.92rem}
        .person-head{margin-bottom:1.1rem}
        .person-head .sub{margin:.25rem 0 0}
        .tabs{border-bottom:1px solid var(--line);margin-bottom:1.8rem}
        .tabs ul{display:flex;gap:.2rem;overflow-x:auto;scrollbar-width:none;padding:4px 4px 0}
        .tabs a{display:block;padding:.65rem .95rem;color:var(--soft);text-decoration:none;white-space:nowrap;
          border-bottom:3px solid transparent;margin-bottom:-1px;font-weight:560}
        .tabs a:hover{color:var(--ink)}
        .tabs a[aria-current]{color:var(--ink);border-color:var(--brand)}
        .count{background:var(--warn-wash);color:var(--warn);border-radius:1rem;padding:.05rem .5rem;font-size:.8rem}
        button,.button{font:inherit;font-weight:560;display:inline-flex;align-items:center;justify-content:center;
          min-height:2.75rem;padding:.35rem 1rem;border-radius:var(--radius);border:1px solid var(--edge);
          background:var(--paper);color:var(--ink);text-decoration:none;cursor:pointer}
        button:hover,.button:hover{border-color:var(--ink)}
        .primary{background:var(--brand);border-color:var(--brand);color:var(--brand-ink)}
        .primary:hover{filter:brightness(1.08)}
        .quiet{border-color:transparent;background:transparent;color:var(--brand)}
        .quiet:hover{border-color:var(--edge)}
        .danger{color:var(--bad)}
        button.danger{border-color:var(--bad)}
        .notice,.problem,.remedy,.doubt-note{border-radius:var(--radius);padding:.8rem 1rem}
        .notice{background:var(--ok-wash);color:var(--ok)}
        .problem{background:var(--bad-wash);color:var(--bad);margin-bottom:1rem}
        .problem a{color:inherit}
        .problem h3{margin-bottom:.25rem}
        .problem p{margin:0}
        .remedy{background:var(--brand-wash);color:var(--ink)}
        .card{background:var(--paper);border:1px solid var(--line);border-radius:calc(var(--radius)*1.5);
          padding:clamp(1rem,2.4vw,1.5rem)}
        .empty{border:1px dashed var(--edge);border-radius:calc(var(--radius)*1.5);padding:clamp(1.2rem,4vw,2.4rem);margin-block:1rem}
        .empty>:first-child{margin-bottom:.5rem}
        .title-row,.schedule-head{display:flex;flex-wrap:wrap;gap:.8rem 1.2rem;align-items:center;justify-content:space-between;margin-bottom:1rem}
        .actions{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center;margin:1rem 0 0}
        .actions form{margin:0}
        .people{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr));gap:1.1rem;margin-top:1.4rem}
        .people .card{display:flex;flex-direction:column;min-width:0;overflow-wrap:anywhere}
        .states .grow{flex:1 1 9rem}
        .people h2 a{color:inherit;text-decoration:none}
        .people h2 a:hover{text-decoration:underline}
        .states{flex:1;border-top:1px solid var(--line);padding-top:.8rem}
        .states li{display:flex;flex-wrap:wrap;gap:.2rem .6rem;align-items:baseline;padding:.22rem 0}
        .links{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;margin:.9rem 0 0}
        .links a{padding:.3rem 0}
        .pager{display:flex;gap:.6rem;margin-top:1.5rem}
        .state{display:inline-flex;align-items:center;gap:.45em;font-size:.85rem;font-weight:600;border-radius:1rem;
          padding:.16rem .7rem;white-space:nowrap}
        .state::before{content:"";width:.55em;height:.55em;border-radius:50%;background:currentColor}
        .state.wait::before,.state.off::before{background:transparent;border:2px solid currentColor}
        .state.bad::before{border-radius:.1em;transform:rotate(45deg)}
        .state.warn::before{border-radius:0;clip-path:polygon(50% 0,100% 100%,0 100%);width:.7em;height:.65em}
        .state.ok{background:var(--ok-wash);color:var(--ok)}
        .state.wait{background:var(--wait-wash);color:var(--wait)}
        .state.warn{background:var(--warn-wash);color:var(--warn)}
        .state.bad{background:var(--bad-wash);color:var(--bad)}
        .state.off{background:var(--off-wash);color:var(--off)}
        .warn-text{color:var(--warn)}
        .connection{margin-bottom:1.2rem}
        .connection header{display:flex;flex-wrap:wrap;align-items:baseline;gap:.2rem .8rem;margin-bottom:.7rem}
        .connection header .sub{margin:0;flex:1}
        .connection form{margin:0}
        .connection-actions{border-top:1px solid var(--line);padding-top:.7rem;gap:.2rem}
        fieldset{border:0;margin:0;padding:0;min-width:0}
        legend{font-weight:600;font-size:.92rem;color:var(--soft);padding:0;margin-bottom:.3rem}
        .calendars li{display:flex;flex-wrap:wrap;align-items:center;gap:.1rem 1rem;border-top:1px solid var(--line);padding:.35rem 0}
        .calendars li:first-child{border-top:0}
        .calendars label{display:inline-flex;align-items:center;gap:.6rem;min-height:2.4rem;cursor:pointer;flex:1;min-width:14rem}
        .calendars .facts{display:flex;flex-wrap:wrap;gap:0 1.1rem}
        .calendars p{flex-basis:100%;margin:0}
        input[type=checkbox]{width:1.25rem;height:1.25rem;accent-color:var(--brand);margin:0;flex:none}
        .tag{font-size:.78rem;border:1px solid var(--edge);border-radius:.35rem;padding:0 .4rem;color:var(--soft)}
        .dot{width:.8rem;height:.8rem;border-radius:.25rem;background:var(--hue);display:inline-block;flex:none}
        .progress{display:flex;gap:.8rem;align-items:center}
        progress{accent-color:var(--brand);flex:1;max-width:22rem;height:.7rem}
        .preview{margin-top:2.4rem}
        .preview h2{margin-bottom:.5rem}
        .choices{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:1rem;margin:1.2rem 0 1.6rem}
        .choices p{margin:.4rem 0 0;color:var(--soft)}
        .choices .card{position:relative}
        .choices a::after{content:"";position:absolute;inset:0;border-radius:inherit}
        .choices .card:hover{border-color:var(--brand)}
        .consent{display:grid;gap:1.6rem 2.4rem;max-width:64rem;margin-inline:auto}
        .consent>*{min-width:0}
        @media (min-width:56rem){.consent{grid-template-columns:minmax(0,1fr) 21rem;align-items:start}
          .asks{position:sticky;top:1rem}}
        @media (max-width:55.99rem){.asks{order:-1}}
        .consent .or{margin:1.8rem 0 .8rem}
        .consent form h2{margin:0}
        .consent h2{margin-bottom:.7rem}
        .consent .known h2{margin-bottom:.2rem}
        .consent .remedy{margin-block:.8rem}
        .consent form+p{margin-top:1.2rem}
        .consent .choices{grid-template-columns:repeat(auto-fill,minmax(min(100%,15rem),1fr));margin-top:.6rem}
        .consent .choices p{font-size:.92rem}
        .asks h2{font-size:1rem;margin:1rem 0 .4rem}
        .asks>:last-child{margin-bottom:0}
        .asks-who{display:flex;gap:.9rem;align-items:center;margin:0;overflow-wrap:anywhere}
        .asks-mark{width:2.9rem;height:2.9rem;flex:none;border-radius:var(--radius);background:var(--brand-wash);color:var(--brand);
          font-weight:680;font-size:1.35rem;display:inline-grid;place-items:center;overflow:hidden;line-height:2.9rem}
        .ticks{margin:0 0 .8rem}
        .ticks li{padding:.2rem 0 .2rem 1.6rem;position:relative}
        .ticks li::before{content:"";position:absolute;left:.2rem;top:.62rem;width:.7rem;height:.38rem;
          border-left:.16rem solid var(--brand);border-bottom:.16rem solid var(--brand);transform:rotate(-45deg)}
        .field{margin-bottom:1.1rem}
        .field label{display:block;font-weight:600;margin-bottom:.3rem}
        .field input{font:inherit;width:100%;min-height:2.9rem;padding:.45rem .8rem;border:1px solid var(--edge);
          border-radius:var(--radius);background:var(--paper);color:var(--ink)}
        .field .hint{color:var(--soft);font-size:.9rem;margin:.3rem 0 0}
        .field .error{color:var(--bad);font-weight:560;margin:0 0 .35rem}
        .has-error{border-left:4px solid var(--bad);padding-left:.9rem}
        .has-error input{border-color:var(--bad)}
        .field select,.field textarea{font:inherit;width:100%;min-height:2.9rem;padding:.45rem .8rem;border:1px solid var(--edge);
          border-radius:var(--radius);background:var(--paper);color:var(--ink)}
        .field textarea{font:.92rem/1.5 ui-monospace,"JetBrains Mono",Menlo,Consolas,monospace;resize:vertical}
        form.inline{display:flex;flex-wrap:wrap;gap:.2rem 1rem;align-items:flex-end;max-width:44rem;margin-top:1rem}
        form.inline .field{flex:1 1 16rem}
        form.inline button{margin-bottom:1.1rem;min-height:2.9rem}
        form.inline:has(.hint) button{margin-bottom:3rem}
        nav.site{display:flex;gap:1.2rem;flex:1;margin-left:2rem}
        nav.site a{color:var(--soft);text-decoration:none;font-weight:560;padding:.5rem 0}
        nav.site a:hover{color:var(--ink);text-decoration:underline}
        @media (max-width:34rem){header.site .wrap{flex-wrap:wrap}nav.site{order:9;flex-basis:100%;margin-left:0}}
        .rows{display:grid;gap:.2rem;margin:.8rem 0;max-width:64rem}
        .rows li{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:center;border-top:1px solid var(--line);padding:.6rem 0}
        .rows li:first-child{border-top:0}
        .rows .grow{overflow-wrap:anywhere;flex:1 1 14rem}
        .rows .sub{display:block}
        .rows form{margin:0}
        .facts-list{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.3rem 1.2rem;margin:.8rem 0}
        .facts-list dt{color:var(--soft)}
        .facts-list dd{margin:0;overflow-wrap:anywhere}
        .log{display:grid;gap:.5rem;margin-top:1rem}
        .log .card{padding:.2rem 1rem;min-width:0}
        .log summary{display:flex;flex-wrap:wrap;gap:.2rem .9rem;align-items:center;min-height:2.75rem;cursor:pointer}
        .log .grow{flex:1 1 9rem;overflow-wrap:anywhere;font-weight:560}
        .log details[open]{padding-bottom:1rem}
        pre.wrapped{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--ground);margin:.5rem 0 1rem}
        .aside-list{display:grid;gap:1rem;margin-top:1.2rem}
        .aside-list .card{display:flex;flex-wrap:wrap;gap:1rem;align-items:center}
        .aside-list p{margin:.3rem 0 0}
        .aside-list form{margin:0}
        .steps ul{display:flex;flex-wrap:wrap;gap:.4rem}
        .switch ul{display:inline-flex;border:1px solid var(--edge);border-radius:var(--radius);overflow:clip;background:var(--paper)}
        .switch a{display:block;padding:.5rem 1rem;min-height:2.6rem;color:var(--ink);text-decoration:none;font-weight:560;font-size:.94rem}
        .switch a[aria-current]{background:var(--brand);color:var(--brand-ink)}
        .switch a:focus-visible{outline-offset:-4px;outline-color:currentColor}
        .zone{margin:.7rem 0}
        .schedule-bar{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:0 1rem;margin-bottom:.4rem}
        .doubt-note{background:var(--hatch-ground);display:flex;gap:.7rem;align-items:center;margin-bottom:.6rem;padding:.5rem .9rem;font-size:.94rem}
        .swatch{width:1.5rem;height:1.1rem;border-radius:.25rem;border:1px solid var(--edge);flex:none}
        .swatch.unknown,.block.unknown,td.unknown{background-color:var(--hatch-ground);
          background-image:repeating-linear-gradient(135deg,var(--hatch) 0 2px,transparent 2px 9px)}
        .legend ul{display:flex;flex-wrap:wrap;gap:.5rem 1.8rem;margin-top:1.1rem}
        .legend li{display:inline-flex;gap:.55rem;align-items:center}
        .hue-0{--hue:var(--h0);--wash:var(--w0)}.hue-1{--hue:var(--h1);--wash:var(--w1)}
        .hue-2{--hue:var(--h2);--wash:var(--w2)}.hue-3{--hue:var(--h3);--wash:var(--w3)}
        .hue-4{--hue:var(--h4);--wash:var(--w4)}.hue-5{--hue:var(--h5);--wash:var(--w5)}
        .hue-6{--hue:var(--h6);--wash:var(--w6)}.hue-7{--hue:var(--h7);--wash:var(--w7)}
        .hue-none{--hue:var(--brand);--wash:var(--brand-wash)}
        table{border-collapse:separate;border-spacing:0;width:100%;table-layout:fixed;background:var(--paper);
          border:1px solid var(--line);border-radius:calc(var(--radius)*1.5);overflow:clip}
        th{font-weight:600;text-align:left}
        .week .corner,.week tbody th{width:4.2rem}
        .week thead th,.week .corner{padding:.7rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
        .week thead .weekday{display:block;color:var(--soft);font-weight:500;font-size:.88rem}
        .week thead .today .date{color:var(--brand-ink);background:var(--brand);border-radius:.4rem;padding:.05rem .45rem;margin-left:-.45rem}
        .day-note{display:block;font-size:.78rem;font-weight:500;color:var(--warn);margin:.2rem 0 0}
        .week td+td,.week tbody td{border-left:1px solid var(--line)}
        .week thead th+th{border-left:1px solid var(--line)}
        .all-day th{font-size:.8rem;color:var(--soft);font-weight:500;padding:.45rem .6rem;vertical-align:top;text-align:right}
        .all-day td{vertical-align:top;padding:.3rem}
        .all-day th,.all-day td{border-bottom:1px solid var(--line)}
        .bar,.block,.entry{background:var(--wash);color:var(--ink);border-left:4px solid var(--hue)}
        .bar{border-radius:.3rem;padding:.18rem .45rem;font-size:.84rem;margin-bottom:.2rem;overflow:hidden;text-overflow:ellipsis}
        .column,.hour-labels{position:relative;display:block;height:calc(var(--hours)*4*var(--quarter))}
        .hours-row th,.hours-row td{padding:0;vertical-align:top}
        .column{background-image:linear-gradient(var(--line) 1px,transparent 1px);background-size:100% calc(4*var(--quarter))}
        .hour-labels span{display:block;height:calc(4*var(--quarter));font-size:.8rem;font-weight:500;color:var(--soft);
          text-align:right;padding:.15rem .6rem 0 0}
        .block{position:absolute;overflow:hidden;border-radius:.35rem;padding:.2rem .4rem;font-size:.84rem;line-height:1.3;
          border-top:1px solid var(--paper);border-right:2px solid var(--paper);background-clip:padding-box}
        .block .what{font-weight:600;overflow-wrap:break-word;hyphens:auto}
        .block .when{display:block;color:var(--soft);font-size:.78rem}
        .block.small{padding-block:0;white-space:nowrap;text-overflow:ellipsis}
        .block.small .when{display:inline}
        .tentative{background-image:linear-gradient(to right,var(--paper),var(--paper));outline:1.5px dashed var(--hue);outline-offset:-2px;border-left-style:dashed}
        .block.free,.bar.free,.entry.free{background:transparent;border-left-style:dotted;color:var(--soft)}
        .block.unknown{left:0;width:100%;border:0;color:var(--ink)}
        .block.unknown .what,.block.unknown .when{background:var(--hatch-ground);padding:0 .3rem;border-radius:.2rem;display:inline-block}
        .skip-block{position:absolute;inset-inline:0;margin:0;font-size:.76rem;color:var(--soft);text-align:center;
          background:var(--ground);overflow:hidden;display:grid;place-items:center}
        .free-note{position:absolute;top:.5rem;left:0;right:0;text-align:center;color:var(--soft);font-size:.84rem;margin:0}
        .skip-block~.free-note{top:calc(4*var(--quarter) + .5rem)}
        .now{position:absolute;left:0;right:0;height:0;border-top:2px solid var(--now)}
        .now::before{content:"";position:absolute;left:-4px;top:-5px;width:8px;height:8px;border-radius:50%;background:var(--now)}
        .month th{padding:.6rem;color:var(--soft);font-size:.88rem;font-weight:500}
        .month .week-number{width:3rem;text-align:center;vertical-align:top;font-size:.82rem}
        .month tbody .week-number{border-top:1px solid var(--line);padding:.35rem .2rem}
        .week-number a{display:block;padding:.35rem 0;text-decoration:none}
        .week-number a:hover{text-decoration:underline}
        .month td{height:7.6rem;vertical-align:top;padding:.45rem .5rem .5rem;border-top:1px solid var(--line);border-left:1px solid var(--line)}
        .month .number{margin:0 0 .3rem;font-weight:600;font-size:.92rem}
        .month .today .number time>span[aria-hidden]{background:var(--brand);color:var(--brand-ink);border-radius:.4rem;padding:.05rem .45rem;margin-left:-.45rem}
        .month .outside .number,.month .outside .entry,.month .outside .entry-note{color:var(--soft)}
        .month .outside{background-color:var(--ground)}
        .strip{display:block;width:100%;height:6px;border-radius:3px;background:var(--line);margin-bottom:.4rem}
        .strip rect{fill:var(--brand)}
        .strip .tentative{fill:var(--edge);outline:0}
        .strip .free{fill:none}
        .entry{font-size:.8rem;border-left-width:3px;border-radius:.25rem;padding:.05rem .35rem;margin-bottom:.18rem;
          white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
        .entry .when{color:var(--soft)}
        .entry-note{font-size:.82rem;margin:0;color:var(--soft)}
        td.unknown .entry-note,td.unknown .number time{background:var(--hatch-ground);padding:0 .25rem;border-radius:.2rem;color:var(--ink)}
        .more{font-size:.8rem;color:var(--soft);padding-left:.35rem}
        @media (max-width:46rem){
          .schedule-head{align-items:stretch;flex-direction:column}
          .steps ul{display:grid;grid-template-columns:1fr 1fr}
          .steps .button{width:100%;padding-inline:.4rem;text-align:center}
          .actions .quiet{padding-inline:.3rem}
          .tabs ul{flex-wrap:wrap}
          .tabs a{padding-inline:.6rem}
          .schedule-bar{align-items:flex-start;flex-direction:column;gap:0}
          .week,.week thead,.week tbody,.week tr{display:contents}
          .week{display:grid;grid-template-columns:1fr}
          .week .corner,.week tbody th{display:none}
          .week thead th,.week td{border:0 !important;width:auto;padding-inline:1rem}
          .week thead th{order:calc(var(--day)*3);padding-top:1rem;border-top:1px solid var(--line) !important}
          .week thead th:first-of-type{border-top:0 !important}
          .week thead .weekday{display:inline;margin-right:.4rem}
          .week thead .today .date{margin-left:0}
          .week .all-day td{order:calc(var(--day)*3 + 1);padding-block:0}
          .week .hours-row td{order:calc(var(--day)*3 + 2);padding-bottom:1rem}
          .column{height:auto;background:none}
          .block,.free-note,.skip-block{position:static;width:auto;height:auto;text-align:left;display:block}
          .block,.block.small{white-space:normal;margin-bottom:.3rem;padding:.45rem .7rem;font-size:.94rem}
          .block .when,.block.small .when{display:inline-block;font-size:.86rem;margin-left:.4rem}
          .bar{font-size:.94rem;padding:.35rem .7rem}
          .now{display:none}
          .month th,.month .number{text-align:center}
          .month .week-number{width:1.9rem}
          .month td{height:3.6rem;padding:.35rem .2rem}
          .month .entries,.month .entry-note{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
          .month .day-note{display:none}
          .month th{padding:.5rem .1rem;font-size:.8rem}
        }
        @media (prefers-reduced-motion:no-preference){
          a,button,.button,.card{transition:border-color .12s,background-color .12s}
        }
        @media (forced-colors:active){.block,.bar,.entry{border:1px solid}.dot,.strip rect{forced-color-adjust:none}}
        @media print{header.site form,.tabs,.steps,.switch,footer.site{display:none}body{background:#fff}}

        """#
}
