// A chat with a bot in the simulator, in the words of the person who chats.
import type { Locator, Page } from "playwright-core";

export class Simulator {
  constructor(readonly page: Page) {}

  /** The newest message, when it is the bot's. */
  private get last(): Locator {
    return this.page.locator(".sim-log > .sim-message.is-bot:last-child");
  }

  async open(path: string): Promise<void> {
    await this.page.goto(path);
    await this.page.locator(".sim-composer textarea").waitFor();
  }

  /** Types a line and sends it with Enter. */
  async says(text: string): Promise<void> {
    await this.page.fill(".sim-composer textarea", text);
    await this.page.press(".sim-composer textarea", "Enter");
  }

  /** Waits until the newest message is the bot's and holds this. */
  async sees(text: string | RegExp): Promise<string> {
    const message = this.last.filter({ hasText: text });
    await message.waitFor();
    return (await message.textContent()) ?? "";
  }

  /** Taps a button under the newest message that has one. */
  async taps(label: string | RegExp): Promise<void> {
    const button = this.last.locator(".sim-inline button").filter({ hasText: label }).first();
    await button.click();
  }

  /** Presses a key of the keyboard that stands in place of the letters. */
  async presses(label: string | RegExp): Promise<void> {
    await this.page.locator(".sim-keyboard button").filter({ hasText: label }).first().click();
  }

  /** Labels of the buttons under the newest message. */
  buttons(): Promise<string[]> {
    return this.last.locator(".sim-inline button").allTextContents();
  }

  /** Waits for a message anywhere in the chat. */
  async hasSeen(text: string | RegExp): Promise<void> {
    await this.page.locator(".sim-message.is-bot").filter({ hasText: text }).last().waitFor();
  }
}
