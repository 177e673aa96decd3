import { prepareAgent } from '@/lib/page/tables';

// Without `globalName: false` WXT would leave a global in the page; its `defineUnlistedScript` would add bytes and nothing else.
export default { globalName: false, main: prepareAgent };
