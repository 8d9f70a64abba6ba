/** The page that nova's clients are sent to. `path` in its query leads to the websocket, relative to the page's folder. */
export const PAGE = `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Console (noVNC)</title>
    <link rel="stylesheet" href="console.css" />
    <script type="module" src="console.js"></script>
  </head>
  <body>
    <header>
      <span id="status" role="status">Connecting…</span>
      <button id="reset" type="button" disabled>Send Ctrl-Alt-Del</button>
    </header>
    <main id="screen"></main>
  </body>
</html>
`;

export const STYLE = `html, body { height: 100%; margin: 0; background: #282828; color: #f4f4f4; font: 16px sans-serif; }
body { display: flex; flex-direction: column; }
header { display: flex; gap: 1em; justify-content: space-between; align-items: center; padding: 0.3em 0.8em; }
button { font: inherit; padding: 0.2em 0.8em; }
main { flex: 1; min-height: 0; }
`;

/** The name of the guest and the reasons are its own: text, never markup. */
export const SCRIPT = `import RFB from './novnc/core/rfb.js';

const say = (text) => { document.getElementById('status').textContent = text; };
const reset = document.getElementById('reset');
const path = new URLSearchParams(location.search).get('path') ?? 'websockify';
const url = new URL(path, new URL('.', location.href));
if (url.origin !== location.origin) throw new Error('The console is of another site.');
url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

const rfb = new RFB(document.getElementById('screen'), url.href, { wsProtocols: ['binary'], shared: true });
rfb.scaleViewport = true;
rfb.focusOnClick = true;
rfb.addEventListener('desktopname', ({ detail }) => {
  document.title = detail.name;
  say(detail.name);
});
rfb.addEventListener('connect', () => { reset.disabled = false; });
rfb.addEventListener('disconnect', ({ detail }) => {
  reset.disabled = true;
  say(detail.clean ? 'The console has ended.' : 'There is no connection: the console has ended, or its URL counts no more.');
});
reset.addEventListener('click', () => { rfb.sendCtrlAltDel(); });
`;
