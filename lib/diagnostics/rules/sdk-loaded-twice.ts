import type { Rule } from '../rule';

export const sdkLoadedTwice: Rule = {
  id: 'sdk-loaded-twice',
  severity: 'warning',
  about: 'uuid',
  title: 'SDK loaded twice',
  looksAt: 'Two instances of one SDK in one document.',
  advice:
    'Both keep a session, send events and overwrite each other. Look for two snippets (theme and tag manager) or two bundles with their own copy.',
  source: 'Facts §3.1, §5.',
  situations: [33],
  check({ clients }) {
    const ready = clients.filter(({ state }) => state === 'ready');
    const twice = ready.find((one, index) =>
      ready.slice(index + 1).some((other) => other.dialect === one.dialect && other.document === one.document),
    );
    if (!twice) return null;
    const all = ready.filter(({ dialect, document }) => dialect === twice.dialect && document === twice.document);
    return { evidence: [`At ${all.map(({ place }) => place).join(' and ')}.`] };
  },
};
