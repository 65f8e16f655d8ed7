import Sealing

/// The scripts: small, and on top of pages that work without them.
enum GuideScripts {
    enum Name: Sendable, CaseIterable {
        case board, agenda, hold

        var text: String {
            switch self {
            case .board: GuideScripts.board
            case .agenda: GuideScripts.agenda
            case .hold: GuideScripts.hold
            }
        }

        var path: String { GuideScripts.paths[self] ?? "" }
    }

    private static let paths: [Name: String] = Dictionary(
        uniqueKeysWithValues: Name.allCases.map { name in
            (name, "/guides/assets/\(name)-" + Crypto.hex(Crypto.sha256(name.text).prefix(8)) + ".js")
        })

    /// Follows the board's changes, and takes trips dragged onto guides.
    private static let board = """
        const board = document.querySelector('#board');
        async function refresh() {
          const answer = await fetch(location.href, {headers: {accept: 'text/html'}});
          if (!answer.ok) return;
          const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('#board');
          const now = document.querySelector('#board');
          if (!next || !now || now.contains(document.activeElement) && document.activeElement.matches('select,input')) return;
          const left = now.querySelector('.scroll')?.scrollLeft ?? 0;
          now.replaceWith(next);
          const scroll = next.querySelector('.scroll');
          if (scroll) scroll.scrollLeft = left;
        }
        const changes = new EventSource(board.dataset.changes);
        changes.addEventListener('changed', refresh);
        addEventListener('pagehide', () => changes.close());
        document.addEventListener('dragstart', event => {
          const card = event.target.closest('[data-trip]');
          if (card) event.dataTransfer.setData('text/plain', card.dataset.trip);
        });
        const row = event => event.target.closest('tr[data-guide]');
        document.addEventListener('dragover', event => { if (row(event)) event.preventDefault(); });
        document.addEventListener('dragenter', event => {
          document.querySelectorAll('tr.target').forEach(one => one.classList.remove('target'));
          row(event)?.classList.add('target');
        });
        document.addEventListener('drop', event => {
          const guide = row(event);
          if (!guide) return;
          event.preventDefault();
          const trip = event.dataTransfer.getData('text/plain');
          const form = document.querySelector(`form[data-assign="${CSS.escape(trip)}"]`);
          if (!form) return;
          form.elements.guide.value = guide.dataset.guide;
          form.submit();
        });
        """

    /// Keeps the agenda for reading without network.
    private static let agenda = """
        if ('serviceWorker' in navigator) navigator.serviceWorker.register('/guides/me/worker.js', {scope: '/guides/me/'});
        const state = document.querySelector('#offline');
        const show = () => { if (state) state.hidden = navigator.onLine; };
        addEventListener('online', show); addEventListener('offline', show); show();
        """

    /// Counts down how long seats are held.
    private static let hold = """
        const left = document.querySelector('[data-until]');
        const tick = () => {
          const seconds = Math.max(0, Number(left.dataset.until) - Math.floor(Date.now() / 1000));
          left.textContent = Math.floor(seconds / 60) + ':' + String(seconds % 60).padStart(2, '0');
          if (seconds === 0) location.reload(); else setTimeout(tick, 1000);
        };
        if (left) tick();
        """

    /// The service worker of the guide's own pages: what was seen last is shown where there is no network. Nothing of it
    /// outlives signing out, which empties it.
    static let worker = """
        const name = 'agenda-1';
        self.addEventListener('install', () => self.skipWaiting());
        self.addEventListener('activate', event => event.waitUntil(clients.claim()));
        self.addEventListener('message', event => { if (event.data === 'forget') caches.delete(name); });
        self.addEventListener('fetch', event => {
          const url = new URL(event.request.url);
          if (event.request.method !== 'GET' || url.origin !== location.origin) return;
          event.respondWith((async () => {
            const cache = await caches.open(name);
            try {
              const answer = await fetch(event.request);
              if (answer.ok && (url.pathname.startsWith('/guides/me/') || url.pathname.startsWith('/guides/assets/')))
                await cache.put(event.request, answer.clone());
              if (answer.status === 401) await caches.delete(name);
              return answer;
            } catch (error) {
              const kept = await cache.match(event.request, {ignoreVary: true});
              if (kept) return kept;
              throw error;
            }
          })());
        });
        """

    static let manifest = """
        {"name":"Anchorpoint Guides","short_name":"Guides","start_url":"/guides/me/agenda","scope":"/guides/",
        "display":"standalone","background_color":"#f6f4ef","theme_color":"#1d5c63",
        "icons":[{"src":"/favicon.svg","sizes":"any","type":"image/svg+xml"}]}
        """
}
