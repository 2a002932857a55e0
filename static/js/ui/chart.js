/** Loads the price chart when it comes into view: whoever never scrolls there pays nothing for it. */

const section = document.querySelector("[data-chart]");

/** Not before the page's own scripts have run: they bring the race that they were drawn with, which is then followed once. */
const pageReady = new Promise((resolve) => {
  if (document.readyState === "complete") resolve();
  else addEventListener("load", resolve, { once: true });
});

/** Without a server, on a page out of the cache, what it has drawn stays. */
function unreachable(error) {
  console.warn("The price chart stays as it was drawn:", error);
  return { openChart() {} };
}

const watcher = new IntersectionObserver(
  async (seen) => {
    if (!seen.some((each) => each.isIntersecting)) return;
    watcher.disconnect();
    await pageReady;
    const { openChart } = await import("./chart_section.js").catch(unreachable);
    openChart(section);
  },
  { rootMargin: "200px" },
);
watcher.observe(section);
