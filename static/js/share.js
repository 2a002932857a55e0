/** The button that sends the page's address to somebody: by the device's own sheet, else through the clipboard. */

const button = document.querySelector("[data-share]");
const said = document.querySelector("[data-share-said]");
const address = document.querySelector("link[rel=canonical]")?.href ?? location.href;
const title = document.querySelector("meta[property='og:title']")?.content ?? document.title;

async function share() {
  if (navigator.share) {
    try {
      await navigator.share({ title, url: address });
    } catch (error) {
      if (error.name !== "AbortError") throw error; // closing the sheet is an answer too
    }
    return;
  }
  said.textContent = (await isCopied()) ? "The link is copied." : address;
}

async function isCopied() {
  try {
    await navigator.clipboard.writeText(address);
    return true;
  } catch {
    return false; // no clipboard without TLS, or it was refused: the address itself can be taken
  }
}

button.addEventListener("click", share);
