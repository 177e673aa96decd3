// Prerenders the shop, with this page's switches and a separate session (`?shop=`).
const shop = document.getElementById('shop');
const query = new URLSearchParams(location.search);
if (!query.has('shop')) query.set('shop', 'prerendered');
shop.search = query;

const rules = document.createElement('script');
rules.type = 'speculationrules';
rules.textContent = JSON.stringify({ prerender: [{ urls: [shop.href], eagerness: 'immediate' }] });
document.head.append(rules);
