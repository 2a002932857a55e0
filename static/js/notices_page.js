/** Every page of somebody signed in: notifications arrive and are counted, stars do their work. */

import { pageLive } from "./live/watch.js";
import { offerDeviceNotices } from "./ui/device_switch.js";
import { freshInbox } from "./ui/fresh_inbox.js";
import { NOTIFIED, showNotices } from "./ui/notices.js";
import { pressStars } from "./ui/star.js";

const inbox = document.querySelector("[data-inbox]");
const deviceSwitch = document.querySelector("[data-device-notices]");

if (inbox) document.addEventListener(NOTIFIED, ({ detail }) => (detail.listed = freshInbox(inbox)));
if (deviceSwitch) offerDeviceNotices(deviceSwitch);
pressStars();
showNotices(pageLive());
