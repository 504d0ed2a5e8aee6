#include "tools/report/style.hpp"

namespace nephoscope {
namespace {

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#59636e;--rule:#d4d9df;--panel:#f4f6f8;
--good:#005f99;--bad:#a33f00;--open:#6b5900;--s1:#0072b2;--s2:#d55e00;--s3:#00795a;--s4:#a8457f;
--mark:#e69f00;--fault:#d55e00}
@media(prefers-color-scheme:dark){:root{--bg:#14181d;--fg:#e4e8ec;--dim:#9ba6b2;--rule:#38414b;
--panel:#1d232a;--good:#7cc4f5;--bad:#f2a36b;--open:#e3cf57;--s1:#56b4e9;--s2:#f08c4a;--s3:#3cc79f;
--s4:#e08fc0;--mark:#e69f00;--fault:#f08c4a}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem 1rem 4rem;max-width:76rem;background:var(--bg);color:var(--fg);
font:15px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .5rem}
h2{font-size:1.2rem;margin:2.5rem 0 .5rem;padding-top:.5rem;border-top:1px solid var(--rule)}
h3{font-size:1rem;margin:1.2rem 0 .3rem}
p{max-width:52rem;margin:.5rem 0}
h1,p,li{overflow-wrap:anywhere}
a{color:var(--s1)}
nav a{margin-right:1rem;white-space:nowrap}
small,.dim,caption,figcaption,dt{color:var(--dim)}
.answer{font-size:1.15rem;padding:.7rem 1rem;border-left:.3rem solid var(--s1);background:var(--panel)}
.warning{padding:.5rem 1rem;border-left:.3rem solid var(--bad);background:var(--panel);font-weight:600}
.facts{display:flex;flex-wrap:wrap;gap:.4rem 2rem;margin:1rem 0}
.facts dd{margin:0;font-weight:600;overflow-wrap:anywhere}
.facts dt,caption,figcaption,small{font-size:.85rem}
.wide{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.5rem 0}
caption{text-align:left;caption-side:bottom;padding:.4rem 0}
caption span{display:inline-block;position:sticky;left:0;max-width:min(52rem,calc(100vw - 2rem))}
.dense{font-size:.85rem}
.dense small{font-size:.75rem}
th,td{padding:.35rem .8rem .35rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
thead th{vertical-align:bottom;border-bottom:2px solid var(--dim)}
thead small{display:block;font-weight:400}
tbody th{font-weight:600;position:sticky;left:0;background:var(--bg)}
td.n,th.n{text-align:right;white-space:nowrap}
td small,th small{display:block;font-weight:400}
td .less{display:block}
.text{min-width:14rem;overflow-wrap:anywhere}
th.text{min-width:19rem;font-weight:400}
.pass,.better{color:var(--good)}
.fail,.no_data,.worse{color:var(--bad)}
.inconclusive{color:var(--open)}
.better,.worse,.pass,.fail,.no_data,.inconclusive{font-weight:600}
figure{margin:.5rem 0 1rem}
.charts{display:flex;flex-wrap:wrap;gap:.5rem 1.2rem}
.charts>div{max-width:100%}
.charts h4{margin:.2rem 0;font-size:.9rem}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:.2rem 0;font-size:.85rem}
details{margin:.3rem 0}
summary{cursor:pointer;font-weight:600}
details table{font-size:.85rem}
svg{display:block;max-width:100%;height:auto;font:12px system-ui,"Segoe UI",Roboto,Arial,"DejaVu Sans",sans-serif}
.legend svg{display:inline-block;vertical-align:middle}
svg text{fill:var(--fg)}
svg .name{paint-order:stroke;stroke:var(--bg);stroke-width:3px}
svg .tick{fill:var(--dim);font-size:11.5px}
svg .grid{stroke:var(--rule);stroke-width:1}
svg .zero{stroke:var(--fg);stroke-width:1.2;stroke-dasharray:3 3}
svg .bar{stroke:var(--s1);stroke-width:1.8}
svg .dot{fill:var(--s1);stroke:var(--s1);stroke-width:1.8}
svg .hollow{fill:var(--bg)}
svg .front{fill:none;stroke:var(--dim);stroke-width:1.2;stroke-dasharray:5 3}
svg .leader{stroke:var(--dim);stroke-width:.8}
svg .line{fill:none;stroke-width:1.6;stroke-linejoin:round}
svg .band{fill-opacity:.4;stroke-opacity:.6;stroke-width:.7}
svg .line.s1{stroke:var(--s1)}
svg .line.s2{stroke:var(--s2);stroke-dasharray:6 3}
svg .line.s3{stroke:var(--s3);stroke-dasharray:2 3}
svg .line.s4{stroke:var(--s4);stroke-dasharray:8 3 2 3}
svg .band.s1{fill:var(--s1);stroke:var(--s1)}
svg .band.s2{fill:var(--s2);stroke:var(--s2)}
svg .band.s3{fill:var(--s3);stroke:var(--s3)}
svg .band.s4{fill:var(--s4);stroke:var(--s4)}
svg rect.mark{fill:var(--mark);fill-opacity:.16}
svg line.mark{stroke:var(--mark);stroke-width:1.3}
svg rect.fault{fill:var(--fault);fill-opacity:.16}
svg line.fault{stroke:var(--fault);stroke-width:1.6;stroke-dasharray:4 2}
svg .h0{fill:var(--panel)}svg .h1{fill:#fde9c9}svg .h2{fill:#fcd49a}svg .h3{fill:#fbb56b}svg .h4{fill:#f5914a}
svg .h5{fill:#e66a34}svg .h6{fill:#cc4326}svg .h7{fill:#a3221e}svg .h8{fill:#6f0d16}
footer{margin-top:2.5rem;border-top:1px solid var(--rule);padding-top:.5rem}
@media(max-width:40rem){body{padding:1rem .7rem 3rem;font-size:14px}h1{font-size:1.3rem}.answer{font-size:1rem}
.text{min-width:10rem}th.text{min-width:8rem}tbody th{max-width:9rem;overflow-wrap:break-word}}
@media print{:root{color-scheme:light;font-size:10pt;--bg:#fff;--fg:#000;--dim:#444;--rule:#bbb;--panel:#fff;
--good:#005f99;--bad:#a33f00;--open:#6b5900;--s1:#0072b2;--s2:#d55e00;--s3:#00795a;--s4:#a8457f}
body{max-width:none;padding:0;font-size:10pt}nav{display:none}.wide{overflow:visible}
tbody th{position:static}.dense{font-size:7.5pt}.dense small{font-size:6.5pt}
.dense th,.dense td{padding-right:.4rem}
.text{min-width:0}th.text{min-width:14rem}.charts>div{max-width:48%}
tr,.charts>div{break-inside:avoid}h2,h3{break-after:avoid}}
)css";

}  // namespace

std::string_view page_style() { return kStyle; }

}  // namespace nephoscope
