// The editor itself: CodeMirror with TOML, in a shadow root, where its styles need no exception from the page's policy.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  StreamLanguage,
  syntaxHighlighting,
} from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Fault } from "./client";

const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--k-muted)", fontStyle: "italic" },
  { tag: tags.string, color: "var(--k-ok)" },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--k-info)" },
  { tag: [tags.atom, tags.bool, tags.number, tags.literal], color: "var(--k-warn)" },
  { tag: tags.bracket, color: "var(--k-accent-text)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", color: "var(--k-text)", backgroundColor: "var(--k-surface)", fontSize: "0.8125rem" },
  "&.cm-focused": { outline: "2px solid var(--k-ring)", outlineOffset: "-2px" },
  ".cm-scroller": { overflow: "auto", fontFamily: "var(--bs-font-monospace, monospace)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--k-accent-text)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--k-accent-text)" },
  ".cm-gutters": {
    color: "var(--k-muted)",
    backgroundColor: "var(--k-surface)",
    borderRight: "1px solid var(--k-line)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--k-hover)" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "var(--k-accent-soft)",
  },
  ".cm-selectionMatch, .cm-searchMatch": { backgroundColor: "var(--k-warn-soft)" },
  ".cm-searchMatch-selected": {
    backgroundColor: "var(--k-accent-soft)",
    outline: "1px solid var(--k-accent)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--k-accent-soft)",
    outline: "none",
  },
  ".cm-panels": { color: "var(--k-text)", backgroundColor: "var(--k-raised)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--k-line)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--k-line)" },
  ".cm-textfield": {
    color: "inherit",
    backgroundColor: "var(--k-bg)",
    border: "1px solid var(--k-line-strong)",
    borderRadius: "6px",
    padding: "0.25rem 0.5rem",
  },
  ".cm-button": {
    color: "inherit",
    backgroundImage: "none",
    backgroundColor: "var(--k-surface)",
    border: "1px solid var(--k-line-strong)",
    borderRadius: "6px",
    padding: "0.25rem 0.5rem",
  },
  ".cm-tooltip": {
    color: "var(--k-text)",
    backgroundColor: "var(--k-raised)",
    border: "1px solid var(--k-line-strong)",
    borderRadius: "6px",
  },
  ".cm-diagnostic": { fontFamily: "inherit" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--k-bad-solid)" },
});

export interface Editor {
  text(): string;
  /** Puts another text there; "undo" brings the one before back. */
  replace(text: string): void;
  show(faults: Fault[]): void;
  go(line: number): void;
  leave(): void;
}

interface Wanted {
  text: string;
  label: string;
  isWritable: boolean;
  /** The editor's own words in the language of the page. */
  phrases: Record<string, string>;
  changed: () => void;
}

export function editor(host: HTMLElement, wanted: Wanted): Editor {
  const root = host.attachShadow({ mode: "open" });
  const parent = document.createElement("div");
  parent.style.height = "100%";
  root.append(parent);
  const view = new EditorView({
    parent,
    root,
    state: EditorState.create({
      doc: wanted.text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSelectionMatches(),
        indentOnInput(),
        bracketMatching(),
        search({ top: true }),
        EditorView.lineWrapping,
        StreamLanguage.define(toml),
        syntaxHighlighting(colours),
        look,
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
        EditorState.phrases.of(wanted.phrases),
        EditorState.readOnly.of(!wanted.isWritable),
        EditorView.contentAttributes.of({ "aria-label": wanted.label, tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) wanted.changed();
        }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    replace(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    show(faults) {
      const diagnostics = faults.map((fault): Diagnostic => {
        const line = view.state.doc.line(clamp(fault.line, view.state.doc.lines));
        return { from: line.from, to: line.to, severity: "error", message: fault.message };
      });
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    go(number) {
      const line = view.state.doc.line(clamp(number, view.state.doc.lines));
      view.dispatch({
        selection: { anchor: line.from },
        effects: EditorView.scrollIntoView(line.from, { y: "center" }),
      });
      view.focus();
    },
    leave: () => view.destroy(),
  };
}

function clamp(line: number, lines: number): number {
  return Math.min(Math.max(line, 1), lines);
}
