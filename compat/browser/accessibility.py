"""Checks of one page as it stands in the browser: what a screen reader, a keyboard and weak eyes need."""

# Contrast is computed from what the browser resolved: each text's colour over the ground it is painted on, with
# translucent layers blended (WCAG 2.2 §1.4.3: 4.5 : 1, for large text 3 : 1).
CHECKS = r"""
() => {
  const problems = [];
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = text => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255];
  };
  const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3])).concat(1);
  const luminance = c => {
    const [r, g, b] = c.slice(0, 3).map(v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const contrast = (a, b) => {
    const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + .05) / (y + .05);
  };
  const ground = element => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      const c = rgba(getComputedStyle(e).backgroundColor);
      layers.push(c); if (c[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), rgba(getComputedStyle(document.body).backgroundColor));
  };
  const isShown = e => {
    const s = getComputedStyle(e), r = e.getBoundingClientRect();
    return s.visibility !== 'hidden' && s.display !== 'none' && r.width > 1 && r.height > 1 && !e.closest('.sr');
  };
  const name = e => (e.className ? e.tagName + '.' + e.className : e.tagName) + ' “' + e.textContent.trim().slice(0, 30) + '”';

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const e = node.parentElement;
    if (!node.textContent.trim() || !isShown(e)) continue;
    const s = getComputedStyle(e), size = parseFloat(s.fontSize), bold = parseInt(s.fontWeight) >= 700;
    const under = ground(e), ratio = contrast(over(rgba(s.color), under), under);
    const wanted = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
    if (ratio < wanted) problems.push(`contrast ${ratio.toFixed(2)} of ${name(e)}`);
  }

  const accessibleName = e => (e.getAttribute('aria-label') || (e.labels && [...e.labels].map(l => l.textContent).join(' '))
    || e.textContent || e.getAttribute('title') || '').trim();
  for (const e of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea'))
    if (!accessibleName(e)) problems.push('no name: ' + e.outerHTML.slice(0, 80));
  for (const e of document.querySelectorAll('[aria-describedby]'))
    for (const id of e.getAttribute('aria-describedby').split(' '))
      if (!document.getElementById(id)) problems.push('describes nothing: ' + id);
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  for (const id of ids) if (ids.filter(i => i === id).length > 1) problems.push('id twice: ' + id);

  const levels = [...document.querySelectorAll('h1,h2,h3,h4')].map(e => +e.tagName[1]);
  if (levels.filter(l => l === 1).length !== 1) problems.push('h1: ' + levels.filter(l => l === 1).length);
  levels.reduce((last, next) => { if (next > last + 1) problems.push(`heading ${last} → ${next}`); return next; }, 0);
  for (const tag of ['main', 'header', 'footer'])
    if (document.querySelectorAll(`body > ${tag}`).length !== 1) problems.push('landmark ' + tag);
  if (document.documentElement.lang !== 'en') problems.push('no language');
  if (!document.title) problems.push('no title');
  if (document.body.firstElementChild.getAttribute('href') !== '#main') problems.push('no skip link first');
  for (const nav of document.querySelectorAll('nav'))
    if (!nav.getAttribute('aria-label')) problems.push('nav without a name');
  for (const th of document.querySelectorAll('th')) if (!th.scope) problems.push('th without scope: ' + th.textContent.trim());
  for (const e of document.querySelectorAll('img')) if (!e.hasAttribute('alt')) problems.push('img without alt');
  if (document.querySelector('script:not([src]),style,[style],[onclick]')) problems.push('inline script or style');

  if (document.documentElement.scrollWidth > innerWidth + 1)
    problems.push(`scrolls sideways: ${document.documentElement.scrollWidth} > ${innerWidth}`);
  // WCAG 2.2 §2.5.8: 24 by 24, but for links in a sentence.
  for (const e of document.querySelectorAll('button, a.button, summary, select, input[type=checkbox]')) {
    const target = (e.type === 'checkbox' && e.labels[0]) || e, r = target.getBoundingClientRect();
    if (isShown(e) && (r.width < 24 || r.height < 24)) problems.push('small target: ' + name(e));
  }
  return problems;
}
"""


def problems(page):
    """What is wrong with `page` as it is shown now; empty where nothing is."""
    return page.evaluate(CHECKS)


def has_visible_focus(page):
    """Whether the focused element shows that it is (WCAG 2.2 §2.4.7)."""
    return page.evaluate(
        """() => { const e = document.activeElement, s = getComputedStyle(e);
        return e !== document.body && s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; }""")
