import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { hearTraffic } from '@/lib/sdk/hear-traffic';

// Without `globalName: false` WXT would leave a global in the page.
export default defineUnlistedScript({ globalName: false, main: hearTraffic });
