// The shop's loader snippet for the Web SDK, modeled on the vendor's (notes §3.1): it sets an array as a placeholder at
// once, loads the script later, and names a callback of the site that the script calls.
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
    // Delayed as by a slow network; `?late=held`: only on the event `sandbox:load`.
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
    // `?stripurl`: the site cleans up its URL once the SDK has read it.
    if (query.has('stripurl')) stripAddress();
    // `?duplicates`: a cookie for the shop's path, as if left by an older integration of the site.
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API isn't available everywhere
    if (query.has('duplicates')) document.cookie = '_snrs_uuid=00000000-0000-4000-8000-0000000000d2; path=/shop; max-age=34560000';
    dispatchEvent(new Event('sandbox:initialized'));
    // `?twokeys`: a second key in one namespace; `?twokeys=NAME`: a second snippet with its own namespace.
    if (query.get('twokeys')) snippet(query.get('twokeys'), 'onSecondSyneriseLoad');
    else if (query.has('twokeys')) await init(first, TRACKER_KEYS[1]);
  };
  window.onSecondSyneriseLoad = () => init(query.get('twokeys'), TRACKER_KEYS[1]);

  // Tracker keys in inline scripts, as a tag manager's template leaves them in the page.
  const keys = query.has('twokeys') ? TRACKER_KEYS : TRACKER_KEYS.slice(0, 1);
  if (!query.has('csp'))
    for (const key of keys) {
      const inline = document.createElement('script');
      inline.textContent = `(window.siteTracking ??= []).push({ trackerKey: '${key.replace(/[^\w-]/g, '')}' });`;
      document.head.append(inline);
    }
  snippet(first, 'onSyneriseLoad');
})();
