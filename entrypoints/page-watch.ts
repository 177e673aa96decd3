import { watchPage } from '@/lib/page/watch';

// Without `globalName: false` WXT would leave a global in the page; its `defineUnlistedScript` would add bytes and nothing else.
export default { globalName: false, main: watchPage };
