// The shop's loader snippet for the Web SDK, in the vendor's shape (notes §3.1): an array in the SDK's place at once, the
// script later, and a function of the site that the script calls.
(() => {
  const query = new URLSearchParams(location.search);
  const TRACKER_KEYS = [query.get('key') ?? '00000000-0000-4000-8000-00000000a001', '00000000-0000-4000-8000-00000000a002'];

  function snippet(namespace, onLoad) {
    window.SyneriseObjectNamespace = namespace;
    window[namespace] = window[namespace] || [];
    Object.assign(window[namespace], { _t: Date.now(), _i: 0, _l: onLoad });
    if (query.has('never')) return;
    const load = () => {
      const url = '/sdk/synerise-javascript-sdk.min.js';
      const script = document.createElement('script');
      script.async = true;
      script.src = window.trustedTypes
        ? trustedTypes.createPolicy('snippet', { createScriptURL: (text) => text }).createScriptURL(url)
        : url;
      document.head.append(script);
    };
    // As a slow network has it; `?late=held`: not before the page is told to.
    if (query.get('late') === 'held') addEventListener('sandbox:load', load, { once: true });
    else setTimeout(load, Number(query.get('late') ?? 200));
  }

  function stripAddress() {
    const url = new URL(location.href);
    for (const name of query.keys()) if (name.startsWith('snrs_')) url.searchParams.delete(name);
    history.replaceState(history.state, '', url);
  }

  const init = (namespace, trackerKey) =>
    window[namespace].init({ trackerKey, ...(query.has('domain') && { domain: query.get('domain') }) });
  const first = query.get('ns') ?? 'SR';

  window.onSyneriseLoad = async () => {
    if (query.has('uninitialised')) return;
    await init(first, TRACKER_KEYS[0]);
    // `?stripurl`: the site tidies its address up once the SDK has read it.
    if (query.has('stripurl')) stripAddress();
    // As an older integration of the site left it, for the shop's own path.
    // biome-ignore lint/suspicious/noDocumentCookie: Cookie Store is not everywhere
    if (query.has('duplicates')) document.cookie = '_snrs_uuid=00000000-0000-4000-8000-0000000000d2; path=/shop; max-age=34560000';
    dispatchEvent(new Event('sandbox:initialized'));
    // `?twokeys`: a second key in one namespace; `?twokeys=NAME`: a second snippet with a namespace of its own.
    if (query.get('twokeys')) snippet(query.get('twokeys'), 'onSecondSyneriseLoad');
    else if (query.has('twokeys')) await init(first, TRACKER_KEYS[1]);
  };
  window.onSecondSyneriseLoad = () => init(query.get('twokeys'), TRACKER_KEYS[1]);

  // What a tag manager's template leaves in the page: the keys stand in inline scripts.
  const keys = query.has('twokeys') ? TRACKER_KEYS : TRACKER_KEYS.slice(0, 1);
  if (!query.has('csp'))
    for (const key of keys) {
      const inline = document.createElement('script');
      inline.textContent = `(window.siteTracking ??= []).push({ trackerKey: '${key.replace(/[^\w-]/g, '')}' });`;
      document.head.append(inline);
    }
  snippet(first, 'onSyneriseLoad');
})();
