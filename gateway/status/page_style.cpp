#include "gateway/status/page.hpp"

namespace gateway::status {
namespace {

constexpr std::string_view kStyle = R"(:root {
  color-scheme: light dark;
  --paper: #f6f7f5; --sheet: #ffffff; --line: #dfe3de; --ink: #1b2420; --quiet: #5b6762;
  --good: #14693b; --warn: #8a5300; --bad: #b3261e; --accent: #0b5c6b;
  --good-paper: #e2f2e7; --warn-paper: #fdf0d9; --bad-paper: #fbe5e3;
  --stored: #4f97a5; --waiting: #b87a1c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #121715; --sheet: #1b2220; --line: #323b38; --ink: #e6ebe8; --quiet: #9daaa4;
    --good: #7fd6a0; --warn: #f3bf6b; --bad: #ff9d94; --accent: #7cc7d6;
    --good-paper: #16301f; --warn-paper: #35280f; --bad-paper: #3b1a18;
    --stored: #3f8795; --waiting: #c98a2b;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
:focus-visible { outline: .15rem solid var(--accent); outline-offset: .15rem; }
body {
  margin: 0 auto; max-width: 62rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
.where { margin: 0 0 .5rem; color: var(--quiet); }
.where strong { color: var(--ink); }
.where span::after { content: " ·"; }
.state {
  margin: 0 0 1rem; padding: 1rem 1.25rem; border-radius: .6rem; border-left: .45rem solid;
  font-size: 1.35rem; line-height: 1.3; font-weight: 650;
}
.ok { background: var(--good-paper); color: var(--good); }
.degraded { background: var(--warn-paper); color: var(--warn); }
.failing { background: var(--bad-paper); color: var(--bad); }
section {
  margin: 0 0 1rem; padding: 1rem 1.25rem; background: var(--sheet);
  border: 1px solid var(--line); border-radius: .6rem;
}
h2 { margin: 0 0 .75rem; font-size: 1.05rem; }
h3 { margin: 1rem 0 .25rem; font-size: .9rem; color: var(--quiet); font-weight: 600; }
dl {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr));
  gap: .75rem 1.25rem; margin: 0;
}
dt { color: var(--quiet); font-size: .85rem; }
dd { margin: 0; font-size: 1.1rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.problems { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
.problems li { padding: .6rem .9rem; border-radius: .4rem; border-left: .3rem solid; }
.problems p { margin: 0; color: var(--ink); }
small { color: var(--quiet); font-size: .82rem; }
td small, th small { display: block; font-weight: 400; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .4rem .75rem .4rem 0; text-align: left; vertical-align: top;
  border-top: 1px solid var(--line); }
tbody th { font-weight: 600; }
thead th { border-top: 0; color: var(--quiet); font-size: .85rem; font-weight: 500; }
.number { text-align: right; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
table.narrow { max-width: 28rem; }
.narrow tbody th { font-weight: 400; }
@media (max-width: 44rem) {
  .wide, .wide tbody, .wide tr, .wide tbody th { display: block; }
  .wide thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px;
    overflow: hidden; }
  .wide tr + tr { margin-top: 1rem; }
  .wide tbody th { padding: .25rem 0; }
  .wide td { display: flex; justify-content: space-between; gap: 1rem; padding: .2rem 0;
    border-top: 0; text-align: right; }
  .wide td::before { content: attr(data-label); color: var(--quiet); font-weight: 400; }
}
dd .good, dd .bad { white-space: nowrap; }
.good { color: var(--good); }
.bad { color: var(--bad); font-weight: 600; }
.quiet { color: var(--quiet); }
.fill { margin: 0 0 .75rem; }
meter { width: min(24rem, 100%); height: 1rem; vertical-align: middle; margin-right: .5rem; }
#stale { margin: 0 0 1rem; padding: .6rem 1rem; border-radius: .4rem; font-weight: 600; }
figure { margin: .75rem 0 0; }
figcaption { color: var(--quiet); font-size: .85rem; }
.plot { position: relative; padding-top: .2rem; }
.plot span { position: absolute; top: .25rem; left: .25rem; padding: 0 .25rem; font-size: .8rem;
  color: var(--quiet); background: var(--sheet); border-radius: .2rem; }
svg { display: block; width: 100%; height: 7.5rem; overflow: visible; }
svg path { vector-effect: non-scaling-stroke; fill: none; stroke: none; }
.grid path { stroke: var(--line); stroke-width: 1px; }
svg .stored { fill: var(--stored); }
svg .refused { fill: var(--bad); }
svg .waiting { fill: var(--waiting); }
svg .delivered { stroke: var(--ink); stroke-width: 1.5px; stroke-linejoin: round; }
.axis { display: flex; justify-content: space-between; margin: .1rem 0 0; font-size: .8rem;
  color: var(--quiet); }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1rem; margin: .25rem 0; font-size: .85rem; }
.legend i { display: inline-block; width: .9rem; height: .7rem; margin-right: .35rem;
  border-radius: .15rem; }
i.stored { background: var(--stored); }
i.refused { background: var(--bad); }
i.waiting { background: var(--waiting); }
i.delivered { height: 0; border-top: 2px solid var(--ink); vertical-align: .25rem; }
section > p { margin: 0 0 .5rem; }
section > dl + p { margin-top: .75rem; }
summary { cursor: pointer; margin-top: .75rem; color: var(--accent); width: fit-content; }
@media (min-width: 60rem) {
  main { display: grid; grid-template-columns: 1fr 1fr; column-gap: 1rem; }
  main > div { grid-column: 1 / -1; min-width: 0; }
  #part-hour { grid-column: 1; }
  #part-day { grid-column: 2; }
}
a { color: var(--accent); }
footer { color: var(--quiet); font-size: .85rem; }
footer p { margin: .25rem 0; }
)";

}  // namespace

std::string_view page_style() {
    return kStyle;
}

}  // namespace gateway::status
