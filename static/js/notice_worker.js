/** Shows nothing and keeps nothing: it opens what a notification of the device leads to, once that is clicked. */

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.href));
});
