/** The form of an article: its preview follows what is typed. */

import { drawWhileTyped } from "./ui/drawn_while_typed.js";

const [form, preview, signedOut] = ["news-form", "news-preview", "signed-out"].map((name) => document.querySelector(`[data-${name}]`));
drawWhileTyped(form, preview, signedOut);
