#include "gateway/status/page.hpp"

namespace gateway::status {
namespace {

// A part is replaced as a whole; what of it is open, selected or has the focus stays so. Where no
// events come the page asks for itself again, as it does without a script.
constexpr std::string_view kScript = R"((() => {
  'use strict';
  const page = document.body, stale = document.getElementById('stale'), waiting = new Map();
  const renew = () => setTimeout(() => location.reload(), 15000);
  if (!window.EventSource) { renew(); return; }
  const isSelected = part => {
    const selection = getSelection();
    return !selection.isCollapsed && part.contains(selection.anchorNode);
  };
  const replace = (part, html) => {
    const focus = part.contains(document.activeElement) ? document.activeElement.id : '';
    const open = Array.from(part.querySelectorAll('details[open]'), element => element.id);
    part.innerHTML = html;
    for (const id of open) document.getElementById(id)?.setAttribute('open', '');
    if (focus) document.getElementById(focus)?.focus({preventScroll: true});
  };
  let silence;
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => { stale.hidden = false; }, 20000);
    if (!stale.hidden) stale.hidden = true;
  };
  const events = new EventSource('/events?after=' + page.dataset.version);
  events.onmessage = event => {
    heard();
    const news = JSON.parse(event.data);
    for (const id of Object.keys(news.parts)) waiting.set(id, news.parts[id]);
    for (const [id, html] of waiting) {
      const part = document.getElementById(id);
      if (isSelected(part)) continue;
      replace(part, html);
      waiting.delete(id);
    }
    document.title = news.title;
  };
  events.addEventListener('renew', () => location.reload());
  events.onerror = () => {
    stale.hidden = false;
    if (events.readyState === EventSource.CLOSED) renew();
  };
  heard();
})();
)";

}  // namespace

std::string_view page_script() {
    return kScript;
}

}  // namespace gateway::status
