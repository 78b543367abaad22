/**
 * @file The part of the Language Server Protocol that is spoken here: methods with their types, and names of numbers. From
 * the protocol's package come types only: its code takes longer to load than all the rest of the kernel process.
 */
import type * as lsp from 'vscode-languageserver-protocol/node';

/** Requests about a document, by method: parameters and result. */
export interface DocumentRequests {
  'textDocument/completion': [lsp.CompletionParams, lsp.CompletionItem[] | lsp.CompletionList | null];
  'textDocument/diagnostic': [lsp.DocumentDiagnosticParams, lsp.DocumentDiagnosticReport];
  /** TypeScript's own: definitions in what runs rather than in declaration files, where that is known. */
  'custom/textDocument/sourceDefinition': [lsp.DefinitionParams, lsp.DefinitionLink[] | null];
  'textDocument/hover': [lsp.HoverParams, lsp.Hover | null];
  'textDocument/signatureHelp': [lsp.SignatureHelpParams, lsp.SignatureHelp | null];
}

/** Notifications, by method: parameters. */
export interface Notifications {
  initialized: lsp.InitializedParams;
  'textDocument/didOpen': lsp.DidOpenTextDocumentParams;
  'textDocument/didChange': lsp.DidChangeTextDocumentParams;
  'textDocument/didClose': lsp.DidCloseTextDocumentParams;
  'workspace/didChangeWatchedFiles': lsp.DidChangeWatchedFilesParams;
}

export const FileChangeType = { Created: 1, Changed: 2, Deleted: 3 } as const satisfies typeof lsp.FileChangeType;

/** Kinds of completion items that TypeScript gives. */
export const CompletionItemKind = {
  Method: 2,
  Function: 3,
  Constructor: 4,
  Field: 5,
  Variable: 6,
  Class: 7,
  Interface: 8,
  Module: 9,
  Property: 10,
  Enum: 13,
  Keyword: 14,
  File: 17,
  Folder: 19,
  EnumMember: 20,
  Constant: 21,
  TypeParameter: 25,
} as const satisfies Partial<typeof lsp.CompletionItemKind>;
