// Text of people and agents goes into a tooltip as text: it makes no link, no heading and no command there.
import { MarkdownString } from 'vscode';

// VS Code's own escaping makes every space one that no line breaks at, so that a long line breaks in the middle of a word. Only
// where several stand together, or one begins a line, would a plain one mean something else; a number there would begin a list.
const escaped = (text: string): string =>
  new MarkdownString().appendText(text).value
    .replace(/(?<=\S)(?<!&nbsp;)&nbsp;(?!&nbsp;)/g, ' ')
    .replace(/^(\d+)\./gm, '$1\\.');

export class Tooltip {
  private readonly markdown = new MarkdownString();

  heading(text: string): this {
    this.markdown.appendMarkdown(`**${escaped(text)}**\n\n`);
    return this;
  }

  paragraph(text: string): this {
    if (text.trim() !== '') this.markdown.appendMarkdown(`${escaped(text)}\n\n`);
    return this;
  }

  /** `name: value`, one below the other; what has no value is left out. */
  facts(facts: Record<string, string | null | undefined>): this {
    for (const [name, value] of Object.entries(facts)) {
      if (value) this.markdown.appendMarkdown(`${escaped(`${name}: ${value}`)}  \n`);
    }
    this.markdown.appendMarkdown('\n');
    return this;
  }

  list(title: string, items: readonly string[], most = 12): this {
    if (items.length === 0) return this;
    this.markdown.appendMarkdown(`${escaped(title)}\n\n`);
    for (const item of items.slice(0, most)) this.markdown.appendMarkdown(`- ${escaped(item)}\n`);
    const more = items.length - most;
    if (more > 0) this.markdown.appendMarkdown(`- and ${more} more\n`);
    this.markdown.appendMarkdown('\n');
    return this;
  }

  build(): MarkdownString {
    return this.markdown;
  }
}
