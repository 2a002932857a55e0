/** The form of an article: its preview follows what is typed. */

import { drawWhileTyped } from "./ui/drawn_while_typed.js";

drawWhileTyped(document.querySelector("[data-news-form]"), document.querySelector("[data-news-preview]"));
