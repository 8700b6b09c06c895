// An installed extension's page knows no folder that a relative link could lead to, and shows pictures from `https:` and `data:`
// alone: in the package, pictures are in the text, and a link to a page that is not there is its words.
import fs from 'node:fs';
import path from 'node:path';
import { Failure } from './process.mjs';

const FENCED = /(^```[\s\S]*?^```$)/m;
// One picture for each theme; an extension's page shows the one that stands without a condition.
const THEMED = /^<picture>[\s\S]*?<img src="([^"]+)"[^>]*? alt="([^"]+)">\s*<\/picture>$/gm;
const LINK = /(!?)\[((?:`[^`]*`|[^\]`])*)\]\(([^)\s]+)\)/g;

/** The text with nothing in it that needs the repository; pictures are read from `folder`. */
export function standalone(markdown, folder) {
  return markdown.split(FENCED).map((part) => (part.startsWith('```') ? part : inText(part))).join('');

  function inText(part) {
    return part.replace(THEMED, '![$2]($1)').replace(LINK, replace);
  }


  function replace(whole, picture, text, target) {
    if (/^(https:|mailto:|data:|#)/.test(target)) return whole;
    return picture ? `![${text}](${embedded(path.join(folder, target))})` : text;
  }
}

function embedded(file) {
  if (path.extname(file) !== '.png') throw new Failure(`${file} can not stand in a package's README: an extension's page shows PNG pictures only`);
  return `data:image/png;base64,${fs.readFileSync(file).toString('base64')}`;
}
