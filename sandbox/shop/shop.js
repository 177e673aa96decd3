// The shop's own script: brings the SDK (late, or never, by URL), and lets a person play with the session.
const query = new URLSearchParams(location.search);
const shop = query.get('shop') ?? 'main';
const byId = (id) => document.getElementById(id);
const said = (text) => {
  byId('said').textContent = text;
};

const client = () => (window.Synerise?.isInitialized() ? window.Synerise.Client : null);

function who() {
  const known = client();
  byId('who').textContent = known ? (known.isSignedIn() ? 'Signed in as Ada' : 'Not signed in') : 'No SDK yet';
}

function start() {
  window.Synerise.Initializer().withApiKey('00000000-0000-4000-8000-00000000feed').withBaseUrl(location.origin).init();
}

function bringSdk() {
  const script = document.createElement('script');
  const url = '/sdk/react-native.js';
  script.src = window.trustedTypes ? trustedTypes.createPolicy('shop', { createScriptURL: (text) => text }).createScriptURL(url) : url;
  script.onload = start;
  document.head.append(script);
}

const actions = {
  'sign-in': () =>
    client()?.signIn(
      'ada@shop.example',
      'lovelace',
      () => said('Signed in.'),
      (error) => said(`${error.code}: ${error.message}`),
    ),
  'sign-out': () => client()?.signOut(),
  refresh: () =>
    client()?.refreshToken(
      () => said('Refreshed.'),
      (error) => said(`${error.code}: ${error.message}`),
    ),
  regenerate: () => client()?.regenerateUUID(),
  replace: () => {
    // A second load of the SDK makes another client, as a hot reload of an app does.
    localStorage.removeItem(`sandbox-sdk:${shop}`);
    bringSdk();
  },
};

document.querySelector('.play').addEventListener('click', (event) => {
  const what = event.target.dataset?.do;
  if (what) actions[what]();
});
byId('switches').addEventListener('change', (event) => {
  const { name, type, checked, value } = event.target;
  fetch('/sandbox/switches', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-sandbox-shop': shop },
    body: JSON.stringify({ [name]: type === 'checkbox' ? String(checked) : value }),
  }).then(() => said('Switched. It holds for the next call.'));
});

setInterval(who, 300);
// `?late=held`: not before the page is told to.
if (query.get('late') === 'held') addEventListener('sandbox:load', bringSdk, { once: true });
else if (!query.has('none')) setTimeout(bringSdk, Number(query.get('late') ?? 0));
