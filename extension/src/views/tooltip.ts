// Text of people and agents goes into a tooltip as text: it makes no link, no heading and no command there.
import { MarkdownString } from 'vscode';

export class Tooltip {
  private readonly markdown = new MarkdownString();

  heading(text: string): this {
    this.markdown.appendMarkdown('**').appendText(text).appendMarkdown('**\n\n');
    return this;
  }

  paragraph(text: string): this {
    if (text.trim() !== '') this.markdown.appendText(text).appendMarkdown('\n\n');
    return this;
  }

  /** `name: value`, one below the other; what has no value is left out. */
  facts(facts: Record<string, string | null | undefined>): this {
    for (const [name, value] of Object.entries(facts)) {
      if (value) this.markdown.appendText(`${name}: ${value}`).appendMarkdown('  \n');
    }
    this.markdown.appendMarkdown('\n');
    return this;
  }

  list(title: string, items: readonly string[], most = 12): this {
    if (items.length === 0) return this;
    this.markdown.appendText(title).appendMarkdown('\n\n');
    for (const item of items.slice(0, most)) this.markdown.appendMarkdown('- ').appendText(item).appendMarkdown('\n');
    const more = items.length - most;
    if (more > 0) this.markdown.appendMarkdown('- ').appendText(`and ${more} more`).appendMarkdown('\n');
    this.markdown.appendMarkdown('\n');
    return this;
  }

  build(): MarkdownString {
    return this.markdown;
  }
}
